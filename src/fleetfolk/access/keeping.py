"""Roles that stay until what is being done with them is done."""

from django.db import connection


def keep_role(role_id: int) -> bool:
    """Nobody deletes the role until the transaction ends; False where somebody just did.

    Whoever gives a role holds it so. Many can at once, and whoever deletes it waits for all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM access_role WHERE id = %s FOR KEY SHARE", [role_id])
        return bool(cursor.rowcount)


def keep_roles_of(tenant_id: int) -> None:
    """Nobody deletes a role of the tenant until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM access_role WHERE tenant_id = %s ORDER BY id FOR KEY SHARE", [tenant_id])
