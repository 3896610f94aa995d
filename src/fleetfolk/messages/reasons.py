"""What people read when a change to a message is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "message_language": _("This language is not spoken here. Choose another."),
        "message_too_long": _("The text is too long. Shorten it."),
        "message_characters": _("The text holds characters that nobody can see. Type it again."),
        "message_button": _("This button does not exist. Choose another."),
        "message_button_label": _("Say what the button reads, in 40 characters at most."),
        "message_button_url": _("The button’s link is not an address of the web. It begins with https://."),
        "message_button_device": _("This device does not exist, or it is not yours to see."),
        "message_expiry_past": _("The message would be over before anybody reads it. Choose a later moment."),
        "message_time_past": _("This moment is over. Choose a later one, or send it now."),
        "message_audience": _("Say whom the message is for."),
        "message_audience_size": _("Name one person at least and %(most)s at most, or choose a segment."),
        "message_audience_out_of_reach": _("The message is for somebody to whom you may not write."),
        "message_selection": _("This selection is kept no longer. Choose the people again."),
        "message_selection_late": _("A selection is kept for a day only. Send it sooner, or to a segment."),
        "message_nobody": _("Nobody whom the message is for has an account that works."),
        "message_empty": _("Write a subject and a text first."),
        "message_test": _("A test goes to whoever wrote it, at once and to nobody else."),
        "message_not_draft": _("Only a draft can be changed. This message is on its way, or over."),
        "message_not_going_out": _("This message is not on its way, so there is nothing to stop."),
        "message_of_the_system": _("Messages go out by themselves. Cancel one to stop it."),
        "message_author_gone": _("Whoever sent it has no account any more, or may not write to anybody."),
        "message_not_due": _("It is not time yet for this message."),
        "message_files_many": _("A message carries %(most)s files at most. Remove one first."),
        "message_file_size": _("The file is larger than 10 MB. Choose a smaller one, or send a link."),
        "message_file_kind": _("Messages carry pictures (PNG, JPEG, GIF, WebP) and PDFs. This file is none of them."),
        "message_file_gone": _("This file does not go with the message any more."),
        "message_archived": _("This message is archived already."),
        "message_not_archived": _("This message is in your inbox already."),
        "message_template_name": _("Give the template a name of %(most)s characters at most."),
        "message_template_taken": _("There is a template called %(name)s already. Choose another name."),
        "reply_to_mail": _("This message came by e-mail. It cannot be answered here."),
        "reply_length": _("Write an answer of %(most)s characters at most."),
        "reply_many": _("You answered much today. Go on tomorrow."),
        "message_not_yours": _("This message does not exist, or it is not yours to read."),
    }
)
