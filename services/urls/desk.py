from django.urls import path

from services.views.pending import pending

urlpatterns = [
    path("t/<str:token>/", pending, name="task_link"),
    path("desk/tasks/<int:pk>/", pending, name="task"),
    path("desk/log/new/", pending, name="log_new"),
    path("desk/log/<int:pk>/", pending, name="log"),
    path("desk/records/", pending, name="records"),
    path("desk/pairings/<int:pk>/", pending, name="desk_pairing"),
    path("desk/activities/<int:pk>/", pending, name="desk_activity"),
]
