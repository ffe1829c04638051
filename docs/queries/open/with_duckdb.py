from pathlib import Path

import duckdb
from deltalake import DeltaTable


def open_lake(lake):
    """A database in which each table has its name; DuckDB reads only the columns and files a query needs."""
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    for folder in Path(lake).iterdir():
        database.register(folder.name, DeltaTable(folder).to_pyarrow_dataset())
    return database
