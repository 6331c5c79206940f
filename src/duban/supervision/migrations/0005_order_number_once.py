import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_secondfactor_signinattempts_unitsuccession'),
        ('supervision', '0004_order_numbers_of_a_government'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='supervisionorder',
            name='order_serial_once',
        ),
        migrations.AlterField(
            model_name='supervisionorder',
            name='government',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.unit'),
        ),
        migrations.AddConstraint(
            model_name='supervisionorder',
            constraint=models.UniqueConstraint(condition=models.Q(('serial__isnull', False)), fields=('government', 'kind', 'year', 'serial'), name='order_serial_once'),
        ),
    ]
