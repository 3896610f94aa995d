"""Whoever listens is told, too, when a role's switches change for one organization."""

from importlib import import_module

from django.db import migrations

_BEFORE: str = import_module("fleetfolk.gateway.migrations.0003_whose_rights")._FUNCTION
_FUNCTION = _BEFORE.replace("OLD.tenant_id", "coalesce(OLD.tenant_id, NEW.tenant_id)")


class Migration(migrations.Migration):
    dependencies = [("gateway", "0003_whose_rights"), ("access", "0006_role_switches")]

    operations = [
        migrations.RunSQL(_FUNCTION, _BEFORE),
        migrations.RunSQL(
            "CREATE TRIGGER gateway_rights AFTER INSERT OR UPDATE OR DELETE ON access_roleswitches"
            " FOR EACH ROW EXECUTE FUNCTION gateway_rights_changed()",
            "DROP TRIGGER gateway_rights ON access_roleswitches",
        ),
    ]
