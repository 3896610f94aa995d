from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_tests")]

    operations = [
        migrations.AddField(model_name="message", name="program_id", field=models.BigIntegerField(null=True)),
    ]
