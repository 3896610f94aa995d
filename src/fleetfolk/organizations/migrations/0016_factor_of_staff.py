"""A second factor for staff, where it is not asked of everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0015_email_domains")]

    operations = [
        migrations.AddField(
            "organization",
            "second_factor_staff_rule",
            models.BooleanField(null=True, verbose_name="second factor for staff"),
        ),
    ]
