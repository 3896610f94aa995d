"""Who let support in, who asked, who looked, and every page of it. What was said and done cannot be changed."""

import datetime as dt
import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

GUARDS = """
-- Visits go only with the assistance they belong to: the cascade comes after the row is gone.
ALTER TABLE assistance_visit ADD CONSTRAINT visits_of_an_assistance
    FOREIGN KEY (assistance_id) REFERENCES assistance_assistance (id) ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE;

CREATE FUNCTION assistance_keep_visits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM assistance_assistance WHERE id = OLD.assistance_id) THEN
            RETURN OLD;
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        -- Erasing a person takes their name out of it, and nothing else.
        IF to_jsonb(NEW) - '{agent_label,user_label}'::text[] = to_jsonb(OLD) - '{agent_label,user_label}'::text[] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'visits of an assistance are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER visits_append_only BEFORE UPDATE OR DELETE ON assistance_visit
    FOR EACH ROW EXECUTE FUNCTION assistance_keep_visits();
CREATE TRIGGER visits_no_truncate BEFORE TRUNCATE ON assistance_visit
    FOR EACH STATEMENT EXECUTE FUNCTION assistance_keep_visits();

CREATE FUNCTION assistance_keep_what_it_is_about() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeable text[] := '{user_label,agent_label,seen_at,ended_at,end_cause,agent_id,consent_id,request_id}';
BEGIN
    IF to_jsonb(NEW) - changeable IS DISTINCT FROM to_jsonb(OLD) - changeable
        OR (NEW.agent_id IS DISTINCT FROM OLD.agent_id AND NEW.agent_id IS NOT NULL)
        OR (NEW.consent_id IS DISTINCT FROM OLD.consent_id AND NEW.consent_id IS NOT NULL)
        OR (NEW.request_id IS DISTINCT FROM OLD.request_id AND NEW.request_id IS NOT NULL)
        OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.end_cause) IS DISTINCT FROM (OLD.ended_at, OLD.end_cause))
    THEN
        RAISE EXCEPTION 'what an assistance is about cannot be changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assistances_stay BEFORE UPDATE ON assistance_assistance
    FOR EACH ROW EXECUTE FUNCTION assistance_keep_what_it_is_about();
"""

UNGUARDED = """
DROP TRIGGER assistances_stay ON assistance_assistance;
DROP FUNCTION assistance_keep_what_it_is_about();
DROP TRIGGER visits_no_truncate ON assistance_visit;
DROP TRIGGER visits_append_only ON assistance_visit;
DROP FUNCTION assistance_keep_visits();
ALTER TABLE assistance_visit DROP CONSTRAINT visits_of_an_assistance;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0004_rules"),
        ("users", "0004_profile"),
        ("actionlog", "0002_assistance"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mode", models.CharField(choices=[("view", "Look only"), ("act", "Look and act")], max_length=4)),
                ("granted_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-granted_at"], name="consents_by_user")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)), fields=("user",), name="consents_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__gt", models.F("granted_at")),
                            (
                                "until__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("granted_at"), "+", models.Value(dt.timedelta(days=7))
                                ),
                            ),
                        ),
                        name="consents_a_week_at_most",
                    ),
                    models.CheckConstraint(condition=models.Q(("mode__in", ["view", "act"])), name="consents_mode"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agent_label", models.CharField(max_length=140)),
                ("mode", models.CharField(choices=[("view", "Look only"), ("act", "Look and act")], max_length=4)),
                ("reason", models.CharField(max_length=200)),
                ("ticket", models.CharField(blank=True, max_length=60)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("secret_hash", models.CharField(blank=True, max_length=64)),
                ("answered_at", models.DateTimeField(null=True)),
                ("accepted", models.BooleanField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assistance_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-asked_at"], name="assistance_requests_by_user")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("secret_hash", ""), _negated=True),
                        fields=("secret_hash",),
                        name="assistance_requests_by_secret",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "expires_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("asked_at"), "+", models.Value(dt.timedelta(seconds=900))
                                ),
                            )
                        ),
                        name="assistance_requests_short",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (1, 60))), name="assistance_requests_minutes"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("agent", models.F("user")), _negated=True),
                        name="assistance_requests_not_oneself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["view", "act"])), name="assistance_requests_mode"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assistance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("user_label", models.CharField(max_length=140)),
                ("agent_label", models.CharField(max_length=140)),
                ("mode", models.CharField(choices=[("view", "Look only"), ("act", "Look and act")], max_length=4)),
                ("reason", models.CharField(max_length=200)),
                ("ticket", models.CharField(blank=True, max_length=60)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent given beforehand"),
                            ("request", "A request that was answered"),
                            ("policy", "The organization’s rule"),
                        ],
                        max_length=7,
                    ),
                ),
                ("unusual", models.CharField(blank=True, max_length=40)),
                ("secret_hash", models.CharField(max_length=64)),
                ("browser_hash", models.CharField(max_length=64)),
                ("started_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end_cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agent", "Stopped by the assistant"),
                            ("customer", "Stopped by the customer"),
                            ("expired", "Its time was over"),
                            ("idle", "Nothing was opened for ten minutes"),
                            ("consent", "The consent ended"),
                            ("rule", "The organization turned remote assistance off"),
                            ("rights", "The assistant lost the right"),
                            ("target", "The customer's account cannot be assisted any more"),
                            ("browser", "The assistant signed out, or another browser tried to go on"),
                            ("cancelled", "Ended by an overseer"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assistances_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assistances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="assistance.consent",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="assistance.request",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-started_at"], name="assistances_by_user"),
                    models.Index(fields=["agent", "-started_at"], name="assistances_by_agent"),
                    models.Index(fields=["tenant", "-started_at"], name="assistances_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("user",), name="assistances_one_a_user"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("agent",),
                        name="assistances_one_an_agent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gt", models.F("started_at")),
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("started_at"), "+", models.Value(dt.timedelta(seconds=3600))
                                ),
                            ),
                        ),
                        name="assistances_an_hour_at_most",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("agent", models.F("user")), _negated=True), name="assistances_not_oneself"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "^\\S.{8,}\\S$")), name="assistances_say_why"
                    ),
                    models.CheckConstraint(condition=models.Q(("mode__in", ["view", "act"])), name="assistances_mode"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_cause", ""), ("ended_at__isnull", True)),
                            models.Q(
                                (
                                    "end_cause__in",
                                    [
                                        "agent",
                                        "customer",
                                        "expired",
                                        "idle",
                                        "consent",
                                        "rule",
                                        "rights",
                                        "target",
                                        "browser",
                                        "cancelled",
                                    ],
                                ),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="assistances_end_with_a_cause",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("method", models.CharField(max_length=10)),
                ("url_name", models.CharField(blank=True, max_length=80)),
                ("path", models.CharField(max_length=200)),
                ("status", models.PositiveSmallIntegerField()),
                ("request_id", models.CharField(blank=True, max_length=40)),
                ("agent_id", models.BigIntegerField()),
                ("agent_label", models.CharField(max_length=140)),
                ("user_id", models.BigIntegerField()),
                ("user_label", models.CharField(max_length=140)),
                (
                    "assistance",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="visits",
                        to="assistance.assistance",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["assistance", "at", "id"], name="visits_in_order")]},
        ),
        migrations.RunSQL(GUARDS, UNGUARDED),
    ]
