"""How long a person stays signed in, and what a password must be like."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0016_factor_of_staff")]

    operations = [
        migrations.AddField(
            "organization",
            "session_idle_rule",
            models.PositiveSmallIntegerField(null=True, verbose_name="signed out when unused, minutes"),
        ),
        migrations.AddField(
            "organization",
            "session_hours_rule",
            models.PositiveSmallIntegerField(null=True, verbose_name="signed out in any case, hours"),
        ),
        migrations.AddField(
            "organization",
            "password_length_rule",
            models.PositiveSmallIntegerField(null=True, verbose_name="shortest password"),
        ),
        migrations.AddField(
            "organization",
            "password_mixed_rule",
            models.BooleanField(null=True, verbose_name="letters and digits in passwords"),
        ),
    ]
