"""How devices come in and change hands."""

from django.urls import path

from fleetfolk.devices.web import activation, batches, device_import, person_acts

app_name = "activation"
urlpatterns = [
    path("devices/new/", activation.create, name="create"),
    path("devices/deleted/", activation.deleted, name="deleted"),
    path("devices/import/", device_import.upload, name="import"),
    path("devices/tokens/", batches.tokens, name="tokens"),
    path("devices/tokens/<int:job_id>/file/", batches.file, name="batch-file"),
    path("users/<int:user_id>/devices/log/send/", person_acts.send_log, name="send-log"),
    path("devices/<int:device_id>/token/", activation.rotate, name="rotate"),
    path("devices/<int:device_id>/owner/", activation.owner, name="owner"),
    path("devices/<int:device_id>/owner/remove/", activation.remove_owner, name="remove-owner"),
    path("devices/<int:device_id>/transfer/", activation.transfer, name="transfer"),
    path("devices/<int:device_id>/delete/", activation.delete, name="delete"),
    path("devices/<int:device_id>/restore/", activation.restore, name="restore"),
    path("devices/<int:device_id>/disclaim/", activation.disclaim, name="disclaim"),
]
