"""The flights of vega-datasets through kafka-python, as a data engineer would send and read them.

flights.py produce HOST:PORT TOPIC FILE [idempotent]
    sends every record, keyed by its distance, as JSON with its place in the file; prints `sent N`
    every 10,000 acknowledged records and `done N` at the end
flights.py consume HOST:PORT TOPIC GROUP PARTITIONS OUT
    joins the group, waits until it holds PARTITIONS partitions, reads them to their end and writes
    one line a record to OUT (partition, offset, place, key); prints `assigned [..]` and `done N`,
    then stays a member until its standard input ends
"""

import json
import logging
import sys
import threading

from kafka import ConsumerRebalanceListener, KafkaConsumer, KafkaProducer

# kafka-python 3.0.12 drops the outcome of a join that ends between two polls: its `join_group_async`
# awaits a join task only while that runs, and sends another JoinGroup when it finds it done. Until it
# takes an outcome it sends no heartbeats, and a leader's second JoinGroup makes the whole group share
# anew. It does so with Apache Kafka too, the more often the shorter the polls and the busier the
# machine. So one poll lasts from the join to the first records, which end it at once.
JOINING_POLL_MS = 20_000
# Who has read everything only stays a member, and has to notice the end of standard input.
STAYING_POLL_MS = 2_000


def produce(bootstrap, topic, path, idempotent):
    with open(path, encoding="utf-8") as file:
        flights = json.load(file)
    producer = KafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        retries=1_000_000,
        delivery_timeout_ms=300_000,
        compression_type="gzip",
        linger_ms=20,
        enable_idempotence=idempotent,
        key_serializer=lambda key: str(key).encode(),
        value_serializer=lambda value: json.dumps(value).encode(),
    )
    acknowledged, lock, failures = [0], threading.Lock(), []

    def on_success(_metadata):
        with lock:
            acknowledged[0] += 1
            if acknowledged[0] % 10_000 == 0:
                print(f"sent {acknowledged[0]}", flush=True)

    for place, flight in enumerate(flights):
        sent = producer.send(topic, key=flight["distance"], value={"place": place, **flight})
        sent.add_callback(on_success)
        sent.add_errback(failures.append)
    producer.flush()
    producer.close()
    if failures:
        sys.exit(f"{len(failures)} records failed, first: {failures[0]!r}")
    print(f"done {acknowledged[0]}", flush=True)


def consume(bootstrap, topic, group, partitions, out):
    # On standard error, which the check shows when a member fails: how far it got with the group.
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("kafka.coordinator").setLevel(logging.INFO)
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_poll_records=5000,
        value_deserializer=json.loads,
    )

    class Whole(ConsumerRebalanceListener):
        """Until the group is whole nothing is read, so that each partition has one reader."""

        def on_partitions_revoked(self, revoked):
            pass

        def on_partitions_assigned(self, assigned):
            print(f"assigned {sorted(tp.partition for tp in assigned)}", flush=True)
            if len(assigned) == partitions:
                consumer.resume(*assigned)
            else:
                consumer.pause(*assigned)

    consumer.subscribe([topic], listener=Whole())
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    count, finished = 0, False
    with open(out, "w", encoding="utf-8") as file:
        while not ended.is_set():
            timeout_ms = STAYING_POLL_MS if finished else JOINING_POLL_MS
            for records in consumer.poll(timeout_ms=timeout_ms).values():
                for record in records:
                    key = record.key.decode()
                    file.write(f"{record.partition} {record.offset} {record.value['place']} {key}\n")
                    count += 1
            held = consumer.assignment()
            if finished or len(held) != partitions:
                continue
            ends = consumer.end_offsets(list(held))
            if all(consumer.position(tp) >= end for tp, end in ends.items()):
                consumer.commit()
                file.flush()
                finished = True
                print(f"done {count}", flush=True)
    consumer.close()


if sys.argv[1] == "produce":
    produce(*sys.argv[2:5], idempotent=len(sys.argv) > 5)
else:
    consume(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), sys.argv[6])
