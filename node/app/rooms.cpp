#include "node/app/rooms.h"

#include <algorithm>

#include "common/base/log.h"
#include "node/gifts/gift_words.h"

namespace hearth::node {
namespace {

constexpr int gift_banner_seconds = 8;
constexpr std::int64_t greet_again_ms = 5'000;

}  // namespace

Rooms::Rooms(net::Loop& loop, net::Pool& shared_pool, NodeOptions node_options,
             HomeFiles home_files)
    : pool(shared_pool),
      options(std::move(node_options)),
      files(std::move(home_files)),
      keys(files.wallet),
      loop_(loop) {}

Rooms::~Rooms() = default;

Result<std::unique_ptr<Rooms>> Rooms::start(net::Loop& loop, net::Pool& pool, NodeOptions options) {
  auto files = load_home_files(options.dir);
  if (!files) return pass_on(files.error());
  std::unique_ptr<Rooms> rooms(new Rooms(loop, pool, std::move(options), std::move(*files)));
  auto opened = rooms->open();
  if (!opened) return pass_on(opened.error());
  rooms->begin_work();
  return rooms;
}

Result<void> Rooms::open() {
  auto opened = store::open_rocksdb(options.dir / "store");
  if (!opened) return pass_on(opened.error());
  disk = std::move(*opened);
  const auto writer_epoch = disk->claim();
  if (!writer_epoch) return pass_on(writer_epoch.error());
  records = std::make_unique<Records>(*disk, *writer_epoch);
  changes = std::make_unique<Changes>(loop_);
  records->on_commit([this](const store::Batch& batch) {
    changes->note(batch);
    if (sharing) sharing->note(batch);
  });

  auto swarm_started =
      Swarm::start(loop_, {options.swarm_listen, options.dir / "resume", options.upload_limit,
                           options.download_limit, options.proxy});
  if (!swarm_started) return pass_on(swarm_started.error());
  swarm = std::move(*swarm_started);
  const net::PinnedServer server{files.ledger.url, files.ledger.pin, options.proxy};
  ledger = LedgerLink::make(loop_, files.ledger, keys, records.get(), options.proxy);
  if (options.role == Role::home) {
    auto home = open_home(*writer_epoch);
    if (!home) return home;
    announcer = Announcer::start(loop_, *swarm, server);
    wire_money();
    wire_gifts();
    wire_people();
    wire_television();
    wire_sharing();
    return begin_television();
  }
  announcer = Announcer::start(loop_, *swarm, server);
  auto mirroring =
      Mirror::start(loop_, pool, *disk, *writer_epoch, *swarm, *announcer, server,
                    {options.dir / "titles", static_cast<std::uint64_t>(options.mirror_limit)});
  if (!mirroring) return pass_on(mirroring.error());
  mirror = std::move(*mirroring);
  return {};
}

Result<void> Rooms::open_home(std::uint64_t writer_epoch) {
  auto library = Titles::open(loop_, pool, *disk, writer_epoch, *swarm, {options.dir});
  if (!library) return pass_on(library.error());
  titles = std::move(*library);
  ScreenOptions screen_options;
  screen_options.dir = options.dir;
  screen_options.start_player = options.start_player;
  auto tv = Screen::start(loop_, *titles, screen_options);
  if (!tv) return pass_on(tv.error());
  screen = std::move(*tv);
  positions = std::make_unique<Positions>(loop_, *records, *screen);
  phones = std::make_unique<Phones>(*records, keys.address());
  return {};
}

void Rooms::wire_money() {
  wallet = std::make_unique<Wallet>(*records, keys, files.device);
  proofs = std::make_unique<ReceiptProofs>(loop_, *records, *wallet, *ledger);
  house_rules = std::make_unique<HouseRules>(pool, *records, *wallet);
  contacts = std::make_unique<Contacts>(*records, Contacts::Own{keys, files.ledger, options.name});
  directory = std::make_unique<Directory>(*ledger, *records, *contacts, keys);
  outbox = std::make_unique<Outbox>(loop_, *ledger, *records);
  deliveries = std::make_unique<Deliveries>(loop_, *records, *wallet, *ledger, *titles, *announcer);
  exchanges = std::make_unique<Exchanges>(loop_, *wallet, *ledger, *records, keys);
  cards = std::make_unique<GiftCards>(*records, *wallet, files.ledger.key);
  purchases = std::make_unique<Purchases>(
      loop_, *wallet, *ledger, *records,
      [this](PurchaseRecord& purchase, const VoucherRecord& voucher, store::Batch& batch) {
        return fulfil(purchase, voucher, batch);
      },
      [this] {
        deliveries->resume();
        outbox->kick();
        proofs->kick();
      });
  account_requests = std::make_unique<AccountRequests>(loop_, *wallet, *ledger, *records, keys);
  publisher = std::make_unique<Publisher>(loop_, *records, *ledger, *titles, *announcer, keys);
  mailbox = std::make_unique<Mailbox>(
      loop_, *ledger, keys, *records, [this] { return contacts->tokens(now_ms()); },
      Mailbox::Notebook{
          [this] { return current_notebook(*records); },
          [this](const Bytes& notebook) { return seal_notebook(notebook, keys.seed()); }},
      [this](ByteView drop, const std::function<void(store::Batch&)>& cursor) {
        return gifts->take_drop(drop, cursor);
      });
}

void Rooms::wire_gifts() {
  const GiftRooms shared{
      *records,         *wallet,
      *contacts,        *outbox,
      *exchanges,       *deliveries,
      *titles,          keys,
      files.ledger.key, [this](const identity::HomeAddress& to) { return contacts->card_for(to); }};
  gifts = std::make_unique<Gifts>(
      loop_, *ledger, shared,
      [this](const identity::HomeAddress& from, Offering what, std::uint64_t received_month) {
        return judge(from, what, received_month);
      });
  parcels = std::make_unique<Parcels>(loop_, shared, *gifts, *purchases);
  prompts = std::make_unique<GiftPrompts>(*gifts, *contacts, *screen,
                                          [this](const ReceivedGift& gift) { return shows(gift); });
  exchanges->on_end(
      [this](store::Batch& batch, const Exchange& exchange, VoucherRecord* fresh) {
        return gifts->exchange_ended(batch, exchange, fresh);
      },
      [this] { gifts->go_on(); });
  deliveries->set_gift_hook(
      [this](store::Batch& batch, const std::string& gift, ReceivedEvent event) {
        loop_.post([this] { place_gifts(); });  // after the commit: its length is known now
        return gifts->fetch_event(batch, gift, event);
      });
  deliveries->set_late_hook([this](const std::string& voucher, std::uint32_t pocket) {
    std::string id = voucher;
    net::spawn(loop_, refund_late(std::move(id), pocket), "refund of a late title");
  });
  gifts->on({.arrival = [this](const ReceivedGift& gift) { tell_gift(gift); },
             .thanks =
                 [this](const SentGift& gift) {
                   screen->notify("Thanks from " + gift.to_name, gift.thanks, gift_banner_seconds);
                 },
             .wish =
                 [this](const Wish& wish) {
                   screen->notify(wish.home_name + " has a wish", "hearth gift wishes",
                                  gift_banner_seconds);
                 },
             .change =
                 [this] {
                   show_waiting();
                   place_gifts();
                 }});
}

void Rooms::tell_gift(const ReceivedGift& gift) {
  const auto shown = shows(gift);
  if (!shown || !*shown) return;
  if (gift.quiet || gift.state != ReceivedState::waiting || gift.words.part != 1) return;
  const auto sender = contacts->by_home(gift.from);
  const bool known = sender && *sender;
  const bool hidden = is_hidden(gift.words, now_ms());
  const std::string& tv = screen->state().state;
  const bool is_asked_about =
      !hidden && !gift.title_name.empty() && (tv == "idle" || tv == "ended");
  if (is_asked_about) return;  // the prompt says it all, and stays
  screen->notify(giver_headline(known ? (*sender)->name : name_on_card(gift.from_card), known),
                 hidden ? "A surprise, for later" : gift.title_name, gift_banner_seconds);
}

/// What a voucher was bought for, once it is there.
Result<void> Rooms::fulfil(PurchaseRecord& purchase, const VoucherRecord& voucher,
                           store::Batch& batch) {
  const UtcMs now = now_ms();
  if (purchase.intent.what == Intent::What::deliver) {
    const auto offer = wallet->offer(purchase.offer);
    if (!offer) return pass_on(offer.error());
    DeliveryOrder order;
    order.offer_jws = offer->jws;
    order.voucher = voucher.id;
    const auto asked = wire::read_purchase(purchase.request_jws);
    if (!asked) return pass_on(asked.error());
    order.by_ms = asked->services.by_ms;
    order.pocket = purchase.pocket;
    const auto begun = deliveries->begin(batch, order, now);
    if (!begun) return pass_on(begun.error());
    if (*begun) return wallet->move(batch, voucher, VoucherEvent::take, {}, now);
    return {};
  }
  return gifts->bought(batch, purchase, voucher);
}

void Rooms::show_waiting() {
  screen->show_home(options.name, gifts->waiting());
  prompts->show();
}

void Rooms::begin_work() {
  if (options.role == Role::seed) {
    net::spawn(loop_, greet_ledger(), "greet ledger");
    return;
  }
  for (const auto& title : titles->titles()) {
    if (titles->keeps_data(title.manifest.title)) announcer->track(title.manifest.info_hash);
  }
  show_waiting();
  net::spawn(loop_, greet_ledger(), "greet ledger");
  purchases->resume();
  parcels->resume();
  exchanges->resume();
  gifts->start();
  sharing->start();
  account_requests->resume();
  deliveries->resume();
  publisher->resume();
  outbox->start();
  mailbox->start();
  positions->on_playing([this](const std::string& title) {
    const auto home_rules = rules();
    auto noted = home_rules ? gifts->note_played(title, home_rules->share_played)
                            : Result<void>(pass_on(home_rules.error()));
    if (!noted) spdlog::warn("gifts: {}", noted.error().sentence);
  });
  positions->start();
  proofs->start();
}

/// Goes on in the background, and after a restart, until the ledger has answered.
net::Task<void> Rooms::refund_late(std::string voucher, std::uint32_t pocket) {
  const auto refunded = co_await account_requests->refund(std::move(voucher), pocket, 0);
  const bool waits = !refunded && refunded.error().code == Code::timeout;
  if (!refunded && !waits) spdlog::warn("delivery: {}", refunded.error().sentence);
}

/// The ledger knows the home's name since init; said again at each start, in case it has changed.
net::Task<void> Rooms::greet_ledger() {
  while (!stopping_) {
    const auto known = co_await ledger->keys(true);
    if (known && options.role == Role::seed) co_return;
    if (known) {
      std::string name = options.name;
      // No devices: a machine that was taken off must not come back by being switched on.
      std::vector<DeviceId> unchanged;
      const auto registered = co_await ledger->register_home(std::move(name), std::move(unchanged));
      if (registered) co_return;
      spdlog::warn("ledger: {}", registered.error().sentence);
    }
    for (int slept_ms = 0; slept_ms < greet_again_ms && !stopping_; slept_ms += 200) {
      co_await net::sleep_ms(200);
    }
  }
}

net::Task<void> Rooms::stop() {
  stopping_ = true;
  if (mailbox) mailbox->stop();
  if (sharing) sharing->stop();
  if (buying) buying->stop();
  if (publisher) publisher->stop();
  if (parcels) parcels->stop();
  if (purchases) purchases->stop();
  if (exchanges) exchanges->stop();
  if (gifts) gifts->stop();
  if (account_requests) account_requests->stop();
  if (proofs) proofs->stop();
  if (outbox) outbox->stop();
  if (deliveries) deliveries->stop();
  if (positions) positions->stop();
  if (outputs) co_await outputs->stop();
  if (screen) screen->use(nullptr);
  if (screen) co_await screen->stop();
  // A ledger that is away forgets this node by itself, in 75 s.
  if (ledger->trouble().empty()) co_await announcer->stop();
  co_await swarm->stop();
}

}  // namespace hearth::node
