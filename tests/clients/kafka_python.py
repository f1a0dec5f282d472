"""kafka-python (pure Python) against a broker: `kafka_python.py HOST:PORT`."""

import threading
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import KafkaError, MessageSizeTooLargeError, TopicAlreadyExistsError
from kafka.structs import OffsetAndMetadata
from tap import check, equal, main, refused

CODECS = [None, "gzip", "snappy", "lz4", "zstd"]


def create(bootstrap, name, partitions=1, configs=None):
    with_admin(
        bootstrap,
        lambda admin: admin.create_topics(
            [NewTopic(name=name, num_partitions=partitions, replication_factor=1, topic_configs=configs or {})],
            wait_for_metadata=True,
        ),
    )


def with_admin(bootstrap, use):
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        return use(admin)
    finally:
        admin.close()


def read_all(bootstrap, topic, count, **options):
    consumer = KafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", consumer_timeout_ms=30000, **options
    )
    records = []
    try:
        for record in consumer:
            records.append(record)
            if len(records) == count:
                break
        # One more poll: nothing may follow.
        extra = consumer.poll(timeout_ms=200)
        equal(sum(len(some) for some in extra.values()), 0, "records beyond those produced")
    finally:
        consumer.close()
    return records


@check("creates topics, lists them, refuses a second of the same name")
def topics(bootstrap):
    create(bootstrap, "kp-topics", 3, {"cleanup.policy": "compact"})
    names = with_admin(bootstrap, lambda admin: admin.list_topics())
    names = [topic if isinstance(topic, str) else topic["name"] for topic in names]
    equal("kp-topics" in names, True, "kp-topics is listed")
    described = with_admin(bootstrap, lambda admin: admin.describe_topics(["kp-topics"]))
    equal(len(described[0]["partitions"]), 3, "partitions")
    refused(TopicAlreadyExistsError, lambda: create(bootstrap, "kp-topics"))


@check("refuses an illegal topic name and three replicas on one node")
def illegal(bootstrap):
    refused(KafkaError, lambda: create(bootstrap, "no such/name"))
    refused(
        KafkaError,
        lambda: with_admin(bootstrap, lambda admin: admin.create_topics([NewTopic("kp-three", 1, 3)])),
    )


@check("produces and consumes with every codec: keys, headers, nulls, timestamps")
def codecs(bootstrap):
    create(bootstrap, "kp-codecs")
    expected = []
    for codec in CODECS:
        producer = KafkaProducer(bootstrap_servers=bootstrap, compression_type=codec, acks="all", linger_ms=20)
        for n in range(200):
            key = None if n % 7 == 0 else f"key-{n}".encode()
            value = None if n % 11 == 0 and key else f"{codec} {n} ".encode() * 20
            headers = [("codec", str(codec).encode()), ("n", str(n).encode())] if n % 3 == 0 else []
            producer.send("kp-codecs", key=key, value=value, headers=headers, timestamp_ms=1700000000000 + n)
            expected.append((key, value, headers, 1700000000000 + n))
        producer.flush()
        producer.close()
    records = read_all(bootstrap, "kp-codecs", len(expected))
    equal([record.offset for record in records], list(range(len(expected))), "offsets")
    equal([(r.key, r.value, list(r.headers), r.timestamp) for r in records], expected, "records")


@check("acks 0, 1 and all; a send with acks=all tells its offset")
def acks(bootstrap):
    create(bootstrap, "kp-acks")
    offsets = []
    for acks_wanted in [1, "all"]:
        producer = KafkaProducer(bootstrap_servers=bootstrap, acks=acks_wanted)
        offsets.append(producer.send("kp-acks", b"x").get(timeout=20).offset)
        producer.close()
    equal(offsets, [0, 1], "offsets")
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks=0)
    producer.send("kp-acks", b"x")
    producer.flush()
    producer.close()
    equal(len(read_all(bootstrap, "kp-acks", 3)), 3, "records")


@check("an idempotent producer keeps order and count")
def idempotent(bootstrap):
    create(bootstrap, "kp-idempotent", 2)
    producer = KafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, batch_size=1000)
    for n in range(2000):
        producer.send("kp-idempotent", value=str(n).encode(), partition=n % 2)
    producer.flush()
    producer.close()
    records = read_all(bootstrap, "kp-idempotent", 2000)
    for partition in (0, 1):
        values = [int(r.value) for r in records if r.partition == partition]
        equal(values, list(range(partition, 2000, 2)), f"partition {partition}")


@check("two members of a group share the partitions and resume where they committed")
def groups(bootstrap):
    create(bootstrap, "kp-groups", 4)
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    for n in range(400):
        producer.send("kp-groups", value=str(n).encode(), partition=n % 4)
    producer.flush()
    stop = threading.Event()
    seen, assigned = [], {}

    def member(name):
        consumer = KafkaConsumer(
            "kp-groups",
            bootstrap_servers=bootstrap,
            group_id="kp-group",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        while not stop.is_set():
            for records in consumer.poll(timeout_ms=100).values():
                seen.extend((name, int(r.value)) for r in records)
                consumer.commit()
            assigned[name] = sorted(tp.partition for tp in consumer.assignment())
        consumer.close()

    threads = [threading.Thread(target=member, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        both = sorted(assigned.get("a", []) + assigned.get("b", []))
        done = {value for _, value in list(seen)} == set(range(400))
        if done and both == [0, 1, 2, 3] and len(assigned["a"]) == len(assigned["b"]) == 2:
            break
        time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    equal(sorted(assigned["a"] + assigned["b"]), [0, 1, 2, 3], "partitions of both")
    equal(sorted({value for _, value in seen}), list(range(400)), "values")
    producer.send("kp-groups", value=b"400", partition=0)
    producer.flush()
    producer.close()
    after = read_all(bootstrap, "kp-groups", 1, group_id="kp-group")
    equal([int(r.value) for r in after], [400], "what the next member reads")


@check("describes, alters and resets a topic's configuration")
def configs(bootstrap):
    create(bootstrap, "kp-configs")

    def value():
        found = with_admin(
            bootstrap,
            lambda admin: admin.describe_configs(
                [ConfigResource(ConfigResourceType.TOPIC, "kp-configs")], config_filter="all"
            ),
        )
        entry = find(found, "retention.ms")
        return str(entry["value"] if isinstance(entry, dict) else entry)

    equal(value(), "604800000", "default")
    change = ConfigResource(ConfigResourceType.TOPIC, "kp-configs", configs={"retention.ms": "12345678"})
    with_admin(bootstrap, lambda admin: admin.alter_configs([change]))
    equal(value(), "12345678", "altered")
    back = ConfigResource(ConfigResourceType.TOPIC, "kp-configs", configs=["retention.ms"])
    with_admin(bootstrap, lambda admin: admin.reset_configs([back]))
    equal(value(), "604800000", "reset")


def find(tree, name):
    """The value under `name`, at whatever depth this client's version keeps it."""
    if isinstance(tree, dict):
        if name in tree:
            return tree[name]
        tree = list(tree.values())
    for item in tree if isinstance(tree, (list, tuple)) else []:
        found = find(item, name)
        if found is not None:
            return found
    return None


@check("adds partitions, deletes records and a topic")
def partitions(bootstrap):
    create(bootstrap, "kp-partitions", 1)
    with_admin(bootstrap, lambda admin: admin.create_partitions({"kp-partitions": NewPartitions(3)}))
    described = with_admin(bootstrap, lambda admin: admin.describe_topics(["kp-partitions"]))
    equal(len(described[0]["partitions"]), 3, "partitions")
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    for n in range(10):
        producer.send("kp-partitions", value=str(n).encode(), partition=0)
    producer.flush()
    producer.close()
    where = TopicPartition("kp-partitions", 0)
    with_admin(bootstrap, lambda admin: admin.delete_records({where: 4}))
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    equal(consumer.beginning_offsets([where])[where], 4, "log start")
    equal(consumer.end_offsets([where])[where], 10, "log end")
    consumer.assign([where])
    first = next(iter(consumer))
    equal(first.offset, 4, "first record that is left")
    consumer.close()
    with_admin(bootstrap, lambda admin: admin.delete_topics(["kp-partitions"]))
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        names = with_admin(bootstrap, lambda admin: admin.list_topics())
        if "kp-partitions" not in str(names):
            return
        time.sleep(0.1)
    raise AssertionError("the deleted topic is still listed")


@check("finds offsets by timestamp")
def times(bootstrap):
    create(bootstrap, "kp-times")
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    for n in range(10):
        producer.send("kp-times", value=b"x", timestamp_ms=1700000000000 + 1000 * n)
        producer.flush()
    producer.close()
    where = TopicPartition("kp-times", 0)
    consumer = KafkaConsumer(bootstrap_servers=bootstrap)
    found = consumer.offsets_for_times({where: 1700000003500})[where]
    equal((found.offset, found.timestamp), (4, 1700000004000), "offset and timestamp")
    equal(consumer.offsets_for_times({where: 1800000000000})[where], None, "beyond the last")
    consumer.close()


@check("lists and describes a group, resets its offsets, deletes them and it")
def group_admin(bootstrap):
    create(bootstrap, "kp-offsets", 2)
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    for n in range(20):
        producer.send("kp-offsets", value=str(n).encode(), partition=n % 2)
    producer.flush()
    producer.close()
    equal(len(read_all(bootstrap, "kp-offsets", 20, group_id="kp-admin")), 20, "first reading")
    listed = with_admin(bootstrap, lambda admin: admin.list_groups())
    equal("kp-admin" in str(listed), True, "kp-admin is listed")
    described = with_admin(bootstrap, lambda admin: admin.describe_groups(["kp-admin"]))
    equal("Empty" in str(described), True, f"empty in {described}")
    offsets = with_admin(bootstrap, lambda admin: admin.list_group_offsets({"kp-admin": None}))
    equal(str(offsets).count("offset=10"), 2, f"committed offsets in {offsets}")
    target = {TopicPartition("kp-offsets", p): OffsetAndMetadata(7, "", -1) for p in (0, 1)}
    with_admin(bootstrap, lambda admin: admin.alter_group_offsets("kp-admin", target))
    equal(len(read_all(bootstrap, "kp-offsets", 6, group_id="kp-admin")), 6, "after the reset")
    one = TopicPartition("kp-offsets", 0)
    with_admin(bootstrap, lambda admin: admin.delete_group_offsets("kp-admin", [one]))
    equal(len(read_all(bootstrap, "kp-offsets", 10, group_id="kp-admin")), 10, "after deleting one offset")
    with_admin(bootstrap, lambda admin: admin.delete_groups(["kp-admin"]))
    equal("kp-admin" in str(with_admin(bootstrap, lambda admin: admin.list_groups())), False, "is gone")


@check("large records: refused at the default, taken where the topic allows them")
def large(bootstrap):
    create(bootstrap, "kp-small")
    create(bootstrap, "kp-large", configs={"max.message.bytes": "6000000"})
    value = bytes(range(256)) * 20000  # 5 MB

    def send(topic):
        producer = KafkaProducer(bootstrap_servers=bootstrap, max_request_size=8000000)
        try:
            return producer.send(topic, value).get(timeout=30)
        finally:
            producer.close()

    refused(MessageSizeTooLargeError, lambda: send("kp-small"))
    equal(send("kp-large").offset, 0, "offset")
    records = read_all(bootstrap, "kp-large", 1, max_partition_fetch_bytes=1000000)
    equal(records[0].value == value, True, "value is whole")


@check("makes a topic on first use")
def auto_create(bootstrap):
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    equal(producer.send("kp-auto", b"first").get(timeout=30).offset, 0, "offset")
    producer.close()
    equal([r.value for r in read_all(bootstrap, "kp-auto", 1)], [b"first"], "records")


main()
