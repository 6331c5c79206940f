"""Each order gets the government of its list; of two with one number the earlier keeps it, the later takes the next free one."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    orders = apps.get_model('supervision', 'SupervisionOrder')
    governments = orders.objects.order_by().values_list('list_id', 'list__government_id').distinct()
    for task_list, government in list(governments):
        orders.objects.filter(list=task_list).update(government=government)
    taken, later = set(), []
    last: dict[tuple[object, ...], int] = {}
    for row in orders.objects.filter(serial__isnull=False).order_by('approved_on', 'pk'):
        series = (row.government_id, row.kind, row.year)
        if (*series, row.serial) in taken:
            later.append(row)
        taken.add((*series, row.serial))
        last[series] = max(last.get(series, 0), row.serial or 0)
    for row in later:
        series = (row.government_id, row.kind, row.year)
        last[series] += 1
        row.serial = last[series]
    orders.objects.bulk_update(later, ['serial'], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0003_order_government'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
