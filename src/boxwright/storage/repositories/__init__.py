"""All SQL. One file a subject; methods take and return domain objects and leave the rules to the services."""
