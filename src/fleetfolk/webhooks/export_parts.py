"""What webhooks know of people: who made one. It forgets that with them."""

from fleetfolk.users.personal import Personal, register_personal

register_personal(
    Personal(
        model="webhooks.Webhook",
        by=("created_by_id",),
        labels=(("created_by_id", "created_by_label"),),
        erase="pseudonymize",
        excluded="A webhook belongs to its organization. That a person made it is in their action log.",
    )
)
