import pandas as pd
from deltalake import DeltaTable
from pyarrow.dataset import field


def answer(lake):
    plays, tables, tracks = (
        DeltaTable(f"{lake}/{table}").to_pyarrow_dataset() for table in ("plays", "recommendations", "tracks")
    )
    played = plays.to_table(columns=["track_id"], filter=field("action") == "play").to_pandas()["track_id"]
    history = tables.to_table(columns=["user_id", "version", "recommendations"]).to_pandas()
    newest = history.sort_values("version").groupby("user_id")["recommendations"].last()
    offered = {item["track_id"] for table in newest for item in table}
    playable = tracks.to_table(columns=["track_id"], filter=field("playable")).to_pandas()["track_id"]
    return pd.DataFrame(
        {
            "playable": [len(playable)],
            "played_share": [playable.isin(played).mean()],
            "recommended_share": [playable.isin(offered).mean()],
        }
    )
