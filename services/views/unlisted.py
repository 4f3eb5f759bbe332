"""Pages that only their address opens."""

from functools import wraps

from django.views.decorators.cache import never_cache


def unlisted(view):
    """Kept by no cache, found by no search engine, told to no other site.

    Not ``no-referrer``: a browser then sends its forms with ``Origin: null``, which is what a foreign site's
    forms look like, and they are refused.
    """

    @wraps(view)
    def page(request, *args, **kwargs):
        response = never_cache(view)(request, *args, **kwargs)
        response["Referrer-Policy"], response["X-Robots-Tag"] = "same-origin", "noindex"
        return response

    return page
