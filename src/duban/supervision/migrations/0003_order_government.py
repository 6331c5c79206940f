import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_secondfactor_signinattempts_unitsuccession'),
        ('supervision', '0002_consultation'),
    ]

    operations = [
        migrations.AddField(
            model_name='supervisionorder',
            name='government',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.unit'),
        ),
    ]
