"""Whoever listens is told when a right is taken away on which an open page may rest."""

from django.db import migrations

_FUNCTION = """
CREATE FUNCTION gateway_rights_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rights_changed', '');
    RETURN NULL;
END $$
"""
_WATCHED = {
    "devices_share": "UPDATE OR DELETE",
    "devices_device": "UPDATE OF owner_id, organization_id, deactivated_at, deleted_at, name OR DELETE",
    "django_session": "DELETE",
    "users_user": "UPDATE OF session_epoch, role_id, organization_id, disabled_at, deactivated_at, deletion_requested_at OR DELETE",
    "access_role": "UPDATE OF permissions",
    "organizations_organization": "UPDATE OF path, second_factor_rule, assistance_rule",
    "assistance_assistance": "UPDATE OF ended_at",
    "assistance_consent": "UPDATE OF revoked_at",
}


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_support"),
        ("assistance", "0001_initial"),
        ("devices", "0001_initial"),
        ("organizations", "0006_no_places"),
        ("sessions", "0001_initial"),
        ("users", "0006_privacy"),
    ]

    operations = [
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION gateway_rights_changed()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER gateway_rights AFTER {when} ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION gateway_rights_changed()",
                f"DROP TRIGGER gateway_rights ON {table}",
            )
            for table, when in _WATCHED.items()
        ),
    ]
