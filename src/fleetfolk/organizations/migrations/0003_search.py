"""Organizations are found by words of their names, in one tenant, without looking at the others."""

from django.db import migrations

INDEX = """
CREATE INDEX organizations_by_words ON organizations_organization
    USING gin (tenant_id, (' ' || fold(name)) gin_trgm_ops)
"""


class Migration(migrations.Migration):
    # fold() and the extensions come with the people's directory.
    dependencies = [("organizations", "0002_path_and_installation"), ("users", "0002_directory")]

    operations = [migrations.RunSQL(INDEX, "DROP INDEX organizations_by_words")]
