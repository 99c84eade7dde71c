"""Every page of the Portal, for what must hold on all of them."""

# name (also of its picture), path; {token}, {role}, {user}, {database} are filled in.
PAGES = [
    ("home", "/"),
    ("databases", "/databases"),
    ("database", "/databases/{database}"),
    ("tokens", "/tokens"),
    ("new-token", "/tokens/new"),
    ("token", "/tokens/{token}"),
    ("roles", "/roles"),
    ("role", "/roles/{role}"),
    ("new-role", "/roles/new"),
    ("role-editor", "/roles/{role}/edit"),
    ("users", "/users"),
    ("user", "/users/{user}"),
    ("access-map", "/access-map"),
    ("explain", "/explain"),
    ("audit", "/audit"),
    ("settings", "/settings"),
    ("account", "/account"),
]
