"""What people read when a device cannot come in, be claimed, shared or change hands."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "device_deleted": _("%(name)s is deleted. Restore it first."),
        "device_not_deleted": _("%(name)s is not deleted."),
        "device_restore_over": _("The days in which this device could be restored are over."),
        "device_still_restorable": _("%(name)s can still be restored, so nothing is erased yet."),
        "devices_erased_by_the_system": _("Deleted devices are erased by themselves when their days are over."),
        "template_not_here": _("This template is not enabled for %(organization)s. Enable it there first."),
        "owner_unknown": _("There is nobody with this address whom you reach and who can sign in."),
        "owner_already": _("%(person)s owns this device already."),
        "owner_none": _("This device has no owner."),
        "owner_elsewhere": _("%(person)s is outside of what you may reach with devices."),
        "transfer_nowhere": _("The device is there already."),
        "transfer_organization": _("This organization does not exist, or it is not yours to reach."),
        "claim_code": _("This code is not valid here, or it was used already. Look at it once more."),
        "claim_template": _("Devices of this kind are not enabled for %(organization)s. Ask whoever you have it from."),
        "claim_home": _("A device is claimed into one's own organization."),
        "claim_many": _("Too many wrong codes. Wait a quarter of an hour and try again."),
        "claim_none": _("Nobody has claimed this device."),
        "provisioning_many": _("You are setting up %(most)s devices already. Finish one of them, or wait an hour."),
        "share_owner": _("This address is the owner’s. Nothing needs to be shared with them."),
        "share_address": _("It cannot be shared with this address."),
        "share_already": _("It is shared with this address already. Change that entry instead."),
        "share_many": _("A device can be shared with %(most)s people. Revoke a share first."),
        "share_gone": _("This share is not there any more."),
        "share_ended": _("The end lies in the past. Choose a later day."),
        "share_level": _("You can let others see and control this device, but not manage it."),
        "share_of_more": _("This share goes as far as your own. Only the owner or staff can change it."),
        "share_role": _("From here you cannot share with others. Ask the organization that has the device."),
        "gift_owner": _("This address is the owner’s. The device is theirs already."),
        "gift_open": _("It is offered to somebody already. Take that offer back first."),
        "gift_gone": _("This offer is not there any more: it was taken, taken back, or its days are over."),
        "tokens_count": _("Between 1 and %(most)s tokens at a time."),
        "batch_file_gone": _("The file of this batch is not there any more."),
        "device_import_unreadable": _("The file cannot be read: %(why)s"),
        "device_import_gone": _("The file of this import is not there any more. Upload it again."),
        "device_import_of_another": _("Only whoever started this import goes on with it."),
        "device_log_empty": _("%(person)s has no devices whose reports you may read."),
    }
)
