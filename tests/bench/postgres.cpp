#include "postgres.h"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <unistd.h>

#include "common/base/process.h"
#include "measure.h"

namespace hearth::bench {
namespace {

namespace fs = std::filesystem;
const fs::path programs = "/usr/lib/postgresql/15/bin";

const char* const schema = R"sql(
CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL);
CREATE TABLE posting (id bigserial PRIMARY KEY, request uuid, account int, delta bigint,
                      at timestamptz DEFAULT now());
CREATE TABLE answer (request uuid PRIMARY KEY, hash bytea NOT NULL, receipt text NOT NULL);
INSERT INTO account SELECT n, 1000000000 FROM generate_series(0, 64) n;
CREATE FUNCTION purchase(r uuid, h bytea, buyer int, seller int, price bigint) RETURNS text AS $$
DECLARE known answer%ROWTYPE; rest bigint; result text;
BEGIN
  SELECT * INTO known FROM answer WHERE request = r;
  IF FOUND THEN
    IF known.hash <> h THEN RAISE EXCEPTION 'idempotency_mismatch'; END IF;
    RETURN known.receipt;
  END IF;
  UPDATE account SET balance = balance - price WHERE id = buyer AND balance >= price
    RETURNING balance INTO rest;
  IF NOT FOUND THEN RAISE EXCEPTION 'insufficient_funds'; END IF;
  INSERT INTO posting (request, account, delta) VALUES (r, buyer, -price), (r, seller, price);
  result := r::text || ' ' || price::text || ' ' || rest::text;
  INSERT INTO answer VALUES (r, h, result);
  UPDATE account SET balance = balance + price WHERE id = seller;  -- hot, so it comes last
  RETURN result;
END $$ LANGUAGE plpgsql;
)sql";

const char* const one_purchase =
    "SELECT purchase(gen_random_uuid(), '\\x00112233445566778899aabbccddeeff'::bytea, "
    ":client_id % 64 + 1, 0, 350);\n";

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path) << text;
  fs::permissions(path, fs::perms::others_read | fs::perms::group_read, fs::perm_options::add);
}

pid_t server_of(const fs::path& dir) {
  pid_t pid = 0;
  std::ifstream(dir / "data" / "postmaster.pid") >> pid;
  return pid;
}

}  // namespace

std::string Postgres::as_user(const std::string& command, int timeout_s) const {
  std::vector<std::string> argv{"sh", "-c", "cd '" + dir_.string() + "' && " + command};
  if (geteuid() == 0) argv.insert(argv.begin(), {"runuser", "-u", "postgres", "--"});
  auto done = run_process(argv, {}, 1 << 24, timeout_s * 1000);
  if (!done) throw std::runtime_error(done.error().sentence);
  if (done->exit_code != 0) throw std::runtime_error(command + ": " + done->err);
  return std::string(as_text(done->out));
}

std::unique_ptr<Postgres> Postgres::start(const fs::path& dir, std::string& why) {
  if (!fs::exists(programs / "pgbench")) {
    why = "PostgreSQL 15 is not here (apt-get install postgresql-15)";
    return nullptr;
  }
  fs::create_directories(dir);
  fs::permissions(dir, fs::perms::all);
  std::unique_ptr<Postgres> out(new Postgres(dir));
  const std::string bin = programs.string();
  out->as_user(bin + "/initdb -D data -A trust -U bench --no-sync", 120);
  out->as_user("echo \"unix_socket_directories = '" + dir.string() +
                   "'\nlisten_addresses = ''\nmax_connections = 100\nfsync = on\n"
                   "synchronous_commit = on\nshared_buffers = 256MB\n"
                   "max_wal_size = 4GB\" >> data/postgresql.conf",
               10);
  out->as_user(bin + "/pg_ctl -D data -l log -w start", 60);
  write(dir / "schema.sql", schema);
  write(dir / "purchase.sql", one_purchase);
  out->as_user(bin + "/psql -q -h '" + dir.string() + "' -U bench -d postgres -f schema.sql", 60);
  return out;
}

Postgres::~Postgres() {
  try {
    as_user(programs.string() + "/pg_ctl -D data -m immediate stop", 60);
  } catch (const std::exception&) {
    // It is gone already; its directory is removed with everything else.
  }
}

PeerResult Postgres::purchases(int clients, int seconds) {
  const pid_t server = server_of(dir_);
  const double before = cpu_seconds_of_family(server);
  const std::string said = as_user(
      "rm -f latency.* && " + programs.string() + "/pgbench -n -M prepared -l " +
          "--log-prefix=latency -c " + std::to_string(clients) + " -j 2 -T " +
          std::to_string(seconds) + " -f purchase.sql -h '" + dir_.string() + "' -U bench postgres",
      seconds + 60);
  PeerResult out;
  const auto at = said.find("tps = ");
  if (at == std::string::npos) throw std::runtime_error("pgbench said: " + said);
  out.per_second = std::atof(said.c_str() + at + 6);
  std::vector<double> latencies;
  for (const auto& entry : fs::directory_iterator(dir_)) {
    if (!entry.path().filename().string().starts_with("latency.")) continue;
    std::ifstream log(entry.path());
    // client transaction microseconds script seconds microseconds
    for (std::string line; std::getline(log, line);) {
      std::istringstream fields(line);
      double client = 0, transaction = 0, us = 0;
      if (fields >> client >> transaction >> us) latencies.push_back(us / 1e3);
    }
  }
  out.p50_ms = percentile(latencies, 0.5);
  out.p99_ms = percentile(latencies, 0.99);
  out.cpu_us = (cpu_seconds_of_family(server) - before) * 1e6 /
               std::max(1.0, static_cast<double>(latencies.size()));
  return out;
}

}  // namespace hearth::bench
