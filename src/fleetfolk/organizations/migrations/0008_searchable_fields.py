"""An organization's own fields say whether searches look into them."""

from django.db import migrations, models

USUAL = "UPDATE organizations_customfield SET searchable = true WHERE kind IN ('text', 'number', 'choice')"


class Migration(migrations.Migration):
    dependencies = [("organizations", "0007_locations")]

    operations = [
        migrations.AddField(
            model_name="customfield",
            name="searchable",
            field=models.BooleanField(db_default=False, default=False, verbose_name="found by search"),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "switch"), ("searchable", True), _negated=True), name="fields_searchable"
            ),
        ),
        migrations.RunSQL(USUAL, migrations.RunSQL.noop),
    ]
