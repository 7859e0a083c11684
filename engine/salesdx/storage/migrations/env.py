"""Alembic asks this file how to run: on the connection that was opened for it."""

from alembic import context

from salesdx.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction is the only one
)
context.run_migrations()
