"""Everything that can be done with webhooks."""

from fleetfolk.webhooks.actions.cancel_delivery import CancelDelivery, DeliveryInput
from fleetfolk.webhooks.actions.create_webhook import CreateWebhook, CreateWebhookInput
from fleetfolk.webhooks.actions.deactivate_webhook import DeactivateWebhook, DeactivateWebhookInput
from fleetfolk.webhooks.actions.delete_webhook import DeleteWebhook
from fleetfolk.webhooks.actions.disable_webhook import DisableWebhook
from fleetfolk.webhooks.actions.edit_webhook import EditWebhook, EditWebhookInput
from fleetfolk.webhooks.actions.enable_webhook import EnableWebhook
from fleetfolk.webhooks.actions.rotate_secret import RotateSecret, RotateSecretInput
from fleetfolk.webhooks.actions.send_deliveries import SendDeliveries, SendDeliveriesInput
from fleetfolk.webhooks.actions.send_delivery import SendDelivery
from fleetfolk.webhooks.actions.send_test import SendTest

__all__ = [
    "CancelDelivery",
    "CreateWebhook",
    "CreateWebhookInput",
    "DeactivateWebhook",
    "DeactivateWebhookInput",
    "DeleteWebhook",
    "DeliveryInput",
    "DisableWebhook",
    "EditWebhook",
    "EditWebhookInput",
    "EnableWebhook",
    "RotateSecret",
    "RotateSecretInput",
    "SendDeliveries",
    "SendDeliveriesInput",
    "SendDelivery",
    "SendTest",
]
