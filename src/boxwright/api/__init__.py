"""HTTP only: routes call services, and `errors` maps what they raise to problem details."""
