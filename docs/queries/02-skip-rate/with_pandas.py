from deltalake import DeltaTable
from pyarrow.dataset import field


def answer(lake):
    plays = DeltaTable(f"{lake}/plays").to_pyarrow_dataset()
    ended = plays.to_table(
        columns=["shelf", "model_version", "action"],
        filter=field("action").isin(["complete", "skip"]) & field("shelf").is_valid(),
    ).to_pandas()
    skipped = ended["action"].eq("skip").groupby([ended["shelf"], ended["model_version"]])
    return skipped.agg(ended="size", skip_rate="mean").reset_index()
