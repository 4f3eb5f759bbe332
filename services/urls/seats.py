"""A member's own seat, and what he gives the projects."""

urlpatterns = []
