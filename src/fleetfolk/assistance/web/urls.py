"""The pages of remote assistance."""

from django.urls import path

from fleetfolk.assistance.web import agent, answering, left, own, records

app_name = "assistance"
urlpatterns = [
    path("assistance/of/<int:user_id>/", agent.dialog, name="dialog"),
    path("assistance/of/<int:user_id>/waiting/", agent.waiting, name="waiting"),
    path("assistance/of/<int:user_id>/ask/", agent.ask, name="ask"),
    path("assistance/of/<int:user_id>/start/", agent.start, name="start"),
    path("assistance/", records.record_list, name="list"),
    path("assistance/left/", left.left, name="left"),
    path("assistance/<uuid:public_id>/", records.record_detail, name="record"),
    path("assistance/<uuid:public_id>/act/", agent.ask_to_act, name="ask-to-act"),
    path("assistance/<uuid:public_id>/end/", agent.end, name="end"),
    path("assistance/<uuid:public_id>/cancel/", agent.cancel, name="cancel"),
    path("account/support/", own.own, name="own"),
    path("account/support/allow/", own.grant, name="grant"),
    path("account/support/withdraw/", own.revoke, name="revoke"),
    path("account/support/stop/", own.stop, name="stop"),
    path("account/support/notice/", own.notice, name="notice"),
    path("account/support/asked/<int:request_id>/", own.answer, name="answer"),
    path("account/support/<uuid:public_id>/", own.own_record, name="own-record"),
    path("support/", answering.answer_form, name="answer-form"),
    path("support/<str:secret>/", answering.link, name="answer-link"),
]
