"""For every Action of the catalogue: a target in North, an input that would do, and who may.

The attack tables walk the catalogue with these; an Action without a sample fails them.
"""

from fleetfolk.testing import (
    samples_activation,
    samples_api,
    samples_assistance,
    samples_bulk,
    samples_commands,
    samples_dashboards,
    samples_devices,
    samples_guests,
    samples_messages,
    samples_organizations,
    samples_places,
    samples_plans,
    samples_portal,
    samples_privacy,
    samples_profile,
    samples_push,
    samples_pushmail,
    samples_roles,
    samples_scim,
    samples_security,
    samples_segments,
    samples_signup,
    samples_sso,
    samples_templates,
    samples_webhooks,
)
from fleetfolk.testing.sampling import FIRST, Sample, Samples, import_job, pending

__all__ = ["OPERATORS", "SAMPLES", "Sample", "import_job", "pending"]

OPERATORS: Samples = samples_plans.OPERATORS
"""Of what nobody in a tenant may; the making of a tenant has tests of its own."""

SAMPLES: Samples = {
    **FIRST,
    **samples_profile.SAMPLES,
    **samples_security.SAMPLES,
    **samples_privacy.SAMPLES,
    **samples_assistance.SAMPLES,
    **samples_plans.SAMPLES,
    **samples_portal.SAMPLES,
    **samples_templates.SAMPLES,
    **samples_devices.SAMPLES,
    **samples_guests.SAMPLES,
    **samples_activation.SAMPLES,
    **samples_commands.SAMPLES,
    **samples_dashboards.SAMPLES,
    **samples_places.SAMPLES,
    **samples_messages.SAMPLES,
    **samples_bulk.SAMPLES,
    **samples_pushmail.SAMPLES,
    **samples_push.SAMPLES,
    **samples_api.SAMPLES,
    **samples_segments.SAMPLES,
    **samples_organizations.SAMPLES,
    **samples_roles.SAMPLES,
    **samples_signup.SAMPLES,
    **samples_scim.SAMPLES,
    **samples_sso.SAMPLES,
    **samples_webhooks.SAMPLES,
}
