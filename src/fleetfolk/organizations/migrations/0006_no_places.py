"""Sign-ins are not given places: the rule for it, which nothing read, is gone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("organizations", "0005_fields")]

    operations = [migrations.RemoveField(model_name="organization", name="places_rule")]
