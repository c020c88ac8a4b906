"""The site calls services; it mounts no endpoint."""

urlpatterns: list[object] = []
