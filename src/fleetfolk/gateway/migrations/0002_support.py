"""A customer's open pages are told at once when support asks, is let in, comes or goes."""

from django.db import migrations

_FUNCTION = """
CREATE FUNCTION gateway_support_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.user_id IS NOT NULL THEN
        PERFORM pg_notify('support_changed', NEW.user_id::text);
    END IF;
    RETURN NULL;
END $$
"""
_WATCHED = {
    "assistance_assistance": "INSERT OR UPDATE OF ended_at",
    "assistance_request": "INSERT OR UPDATE OF answered_at, used_at, expires_at",
    "assistance_consent": "INSERT OR UPDATE OF revoked_at, until",
}


class Migration(migrations.Migration):
    dependencies = [("gateway", "0001_rights"), ("assistance", "0001_initial")]

    operations = [
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION gateway_support_changed()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER gateway_support AFTER {when} ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION gateway_support_changed()",
                f"DROP TRIGGER gateway_support ON {table}",
            )
            for table, when in _WATCHED.items()
        ),
    ]
