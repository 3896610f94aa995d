"""How many mails and pushes of messages a person gets a day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0010_tag_owner")]

    operations = [
        migrations.AddField(
            "organization",
            "message_cap_rule",
            models.PositiveSmallIntegerField(null=True, verbose_name="mails and pushes of messages a day"),
        ),
    ]
