"""Plans: what a tenant may have. Five are there; tenants that exist go on without one, so that nothing limits them."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

INSTALLATION = 1
PLANS: tuple[tuple[str, str, bool, dict[str, int | None]], ...] = (
    (
        "Free",
        "locked",
        False,
        {
            "users": 1,
            "invitations": 25,
            "developers": 1,
            "devices": 5,
            "templates": 10,
            "organizations": 0,
            "levels": 1,
            "locations": 2,
            "tags": 20,
            "segments": 0,
            "fields": 0,
            "roles": 4,
            "webhooks": 1,
        },
    ),
    (
        "Plus",
        "locked",
        False,
        {
            "users": 10,
            "invitations": 25,
            "developers": 1,
            "devices": 20,
            "templates": 20,
            "organizations": 0,
            "levels": 1,
            "locations": 10,
            "tags": 20,
            "segments": 10,
            "fields": 5,
            "roles": 4,
            "webhooks": 10,
        },
    ),
    (
        "PRO",
        "editable",
        False,
        {
            "users": 50,
            "invitations": 25,
            "developers": 5,
            "devices": 50,
            "templates": 50,
            "organizations": 200,
            "levels": 4,
            "locations": 50,
            "tags": 20,
            "segments": 50,
            "fields": 10,
            "roles": 4,
            "webhooks": 100,
        },
    ),
    (
        "Business",
        "editable",
        True,
        {
            "users": 1000,
            "invitations": 250,
            "developers": 20,
            "devices": 1000,
            "templates": 100,
            "organizations": 200,
            "levels": 4,
            "locations": 500,
            "tags": 50,
            "segments": 50,
            "fields": 20,
            "roles": 4,
            "webhooks": 100,
        },
    ),
    ("Enterprise", "custom", True, {"levels": 8, "roles": 9}),
)


def ship_plans(apps: Any, schema_editor: Any) -> None:
    """The five plans, in order."""
    model = apps.get_model("organizations", "Plan")
    model.objects.bulk_create(
        model(
            tenant_id=INSTALLATION,
            name=name,
            position=position,
            limits=limits,
            features={"roles": roles, "sign_up": sign_up},
        )
        for position, (name, roles, sign_up, limits) in enumerate(PLANS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("organizations", "0011_message_cap")]

    operations = [
        migrations.CreateModel(
            "Plan",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("limits", models.JSONField(default=dict)),
                ("features", models.JSONField(default=dict)),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="whom to ask for more")),
                ("for_new", models.BooleanField(default=False, verbose_name="for new tenants")),
                (
                    "tenant",
                    models.ForeignKey(
                        "organizations.Organization",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        db_index=False,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["for_new"], condition=models.Q(("for_new", True)), name="plans_one_for_new"
                    )
                ]
            },
        ),
        migrations.AddField(
            "organization",
            "plan",
            models.ForeignKey(
                "organizations.Plan",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organizations",
                db_index=False,
            ),
        ),
        migrations.AddConstraint(
            "organization",
            models.CheckConstraint(
                condition=models.Q(("plan", None), ("parent", None), _connector="OR"),
                name="organizations_plan_of_tenant",
            ),
        ),
        migrations.RunPython(ship_plans, migrations.RunPython.noop),
    ]
