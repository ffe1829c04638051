from deltalake import DeltaTable


def answer(lake):
    tracks = DeltaTable(f"{lake}/tracks").to_pyarrow_dataset()
    features = DeltaTable(f"{lake}/track_features").to_pyarrow_dataset()
    sounds = features.to_table(columns=["track_id", "tempo", "brightness", "loudness_lufs"]).to_pandas()
    genres = tracks.to_table(columns=["track_id", "genre"]).to_pandas()
    by_genre = sounds.merge(genres, on="track_id").groupby("genre")
    return by_genre.agg(
        tracks=("track_id", "size"),
        tempo_bpm=("tempo", "median"),
        brightness_hz=("brightness", "median"),
        loudness_lufs=("loudness_lufs", "median"),
    ).reset_index()
