"""Whether a device was put out of use by its organization's side, which its holder does not undo."""

from django.db import migrations, models

_KNOWN = """
UPDATE devices_device SET deactivated_by_organization = deactivated_at IS NOT NULL,
    deleted_by_organization = deleted_at IS NOT NULL
WHERE deactivated_at IS NOT NULL OR deleted_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("devices", "0005_ownership")]

    operations = [
        *(
            migrations.AddField("device", name, models.BooleanField(db_default=False, default=False))
            for name in ("deactivated_by_organization", "deleted_by_organization")
        ),
        # Who it was is not known of what was done before: taken for the organization's, so that nothing comes back.
        migrations.RunSQL(_KNOWN, migrations.RunSQL.noop),
    ]
