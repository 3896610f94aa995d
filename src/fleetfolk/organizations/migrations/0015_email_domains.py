"""Whose addresses people may have."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0014_partners")]

    operations = [
        migrations.AddField(
            "organization",
            "email_domains_rule",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=253), null=True, size=None, verbose_name="e-mail domains"
            ),
        ),
    ]
