from deltalake import DeltaTable


def read(lake, table, columns, rows=None):
    """The columns of the rows that meet a condition, such as pyarrow.dataset.field("action") == "skip"."""
    dataset = DeltaTable(f"{lake}/{table}").to_pyarrow_dataset()
    return dataset.to_table(columns=columns, filter=rows).to_pandas()
