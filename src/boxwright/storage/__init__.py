"""The durable side: tables, migrations, the unit of work, repositories (all SQL is here) and blobs."""
