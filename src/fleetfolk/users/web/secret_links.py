"""Answers to links that carry a secret."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from allauth.account.views import PasswordResetFromKeyView
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def private[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The answer is kept by no cache, and where the address has a secret, no referrer tells it.

    A page with a form keeps its referrer on this site: without one browsers send no origin, and the form is refused.
    """

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if "secret" in kwargs or kwargs.get("key", _NO_KEY) != _NO_KEY:
            response["Referrer-Policy"] = "no-referrer"
        return response

    return answered


_NO_KEY = PasswordResetFromKeyView.reset_url_key
"""Stands in the address once the key has moved to the session."""
