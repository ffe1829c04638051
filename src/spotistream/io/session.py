"""Spark sessions."""

from __future__ import annotations

import os
import sys

from pyspark.sql import SparkSession

from spotistream.config import Config, conf_dir
from spotistream.logs import JSON

ROCKSDB = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
LOCAL_CHECKPOINTS = "org.apache.spark.sql.execution.streaming.checkpointing.FileSystemBasedCheckpointFileManager"
CLUSTERS = "spark.databricks.delta.optimize.clustering.mergeStrategy.minCubeSize"

RETAINED = (
    "spark.sql.ui.retainedExecutions",
    "spark.sql.streaming.ui.retainedQueries",
    "spark.ui.retainedJobs",
    "spark.ui.retainedStages",
    "spark.ui.retainedDeadExecutors",
)


def session_settings(cfg: Config) -> dict[str, str]:
    """Every Spark setting this application depends on; the reason stands beside what is not obvious."""
    file_bytes = cfg.lake.file_mb * 2**20
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(cfg.spark.shuffle_partitions),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(cfg.home / "warehouse"),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.streaming.stateStore.providerClass": ROCKSDB,
        "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled": "true",
        # An idle query polls its source without pause otherwise, and burns most of a core.
        "spark.sql.streaming.pollingDelay": f"{cfg.stream.polling_delay_ms}ms",
        "spark.databricks.delta.snapshotPartitions": str(cfg.spark.snapshot_partitions),
        # Readers other than Spark do not understand deletion vectors.
        "spark.databricks.delta.properties.defaults.enableDeletionVectors": "false",
        # Clustering rewrites the files that are not yet in a full group. With Delta's own 100 GB no group is ever full,
        # and each OPTIMIZE would write the whole table again.
        "spark.databricks.delta.optimize.maxFileSize": str(file_bytes),
        "spark.databricks.delta.optimize.minFileSize": str(file_bytes),
        f"{CLUSTERS}.threshold": str(4 * file_bytes),
        f"{CLUSTERS}.targetCubeSize": str(8 * file_bytes),
        # VACUUM lists a table's folder in so many tasks. Spark's own 10,000 take a minute for a folder of ten files.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": str(4 * cfg.spark.shuffle_partitions),
        # Each VACUUM would add two commits to the table, also where it finds nothing to remove.
        "spark.databricks.delta.vacuum.logging.enabled": "false",
        "spark.scheduler.mode": "FAIR",
        "spark.scheduler.allocation.file": (conf_dir(os.environ) / "fairscheduler.xml").as_uri(),
        "spark.python.worker.reuse": "true",
        "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
        "spark.executorEnv.OMP_NUM_THREADS": "1",
        "spark.ui.enabled": str(cfg.spark.ui).lower(),
        "spark.ui.showConsoleProgress": "false",
    }
    if not cfg.spark.ui:
        # What Spark's page would show of the past is kept in the driver's heap without that page too. The plan of a
        # MERGE is large, and a stream never stops.
        settings |= dict.fromkeys(RETAINED, "20")
    if "://" not in cfg.paths.checkpoints:
        # Without Hadoop's native library Spark's own way to rename a file on a disk starts several programs, which is
        # 30 ms for each of the four or more files of a micro-batch. This one is a rename(2): as atomic, and no program.
        settings["spark.sql.streaming.checkpointFileManagerClass"] = LOCAL_CHECKPOINTS
    if cfg.profile == "local":
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return settings


def java_options(cfg: Config) -> str:
    """Arguments of the driver's JVM: as configured, and how it logs."""
    if cfg.log.format != JSON:
        return cfg.spark.driver_java_options
    layout = (conf_dir(os.environ) / "log4j2-json.properties").as_uri()
    return f"{cfg.spark.driver_java_options} -Dlog4j2.configurationFile={layout}".strip()


def build_session(cfg: Config, name: str) -> SparkSession:
    """The session of this process, started if need be.

    Under ``spark-submit`` the master, the memory and the Java options are what its command line says; otherwise those
    of the configuration hold.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    builder = SparkSession.builder.appName(f"spotistream {name}")
    if cfg.spark.master and "SPARK_ENV_LOADED" not in os.environ:
        builder = (
            builder.master(cfg.spark.master)
            .config("spark.driver.memory", cfg.spark.driver_memory)
            .config("spark.driver.extraJavaOptions", java_options(cfg))
        )
    for key, value in session_settings(cfg).items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel(cfg.spark.log_level)
    return spark
