// The JSON of docs/api.md, made from the rooms' values. Names and notes of other homes have
// passed checked_name and checked_note when they came in. Pure.
#pragma once

#include "common/wire/json.h"
#include "node/app/rooms.h"

namespace hearth::node {

wire::Json document(const money::Amount& amount);
wire::Json document(const Item& item);
wire::Json document(const Title& title, bool is_private, bool complete);
wire::Json document(const CatalogueEntry& entry);
wire::Json document(const Contact& contact);
wire::Json document(const ScreenState& tv);
wire::Json document(const Statement::Entry& entry);
/// A pocket's number among a command's arguments; without it the main wallet, 0.
std::uint32_t pocket_argument(wire::Fields& arguments, const char* name);
wire::Json history_document(const HistoryAlarm& alarm);
/// With the checkpoint that the home goes on with; its note was believed, so it can be read.
wire::Json accepted_document(const AcceptedHistory& accepted);
/// As `transfers` shows a title that this home has; `delivery` null for a published one.
wire::Json transfer_document(const Title& title, const TransferProgress& progress,
                             const Delivery* delivery, const Error* trouble);
/// A delivery whose torrent is not here yet.
wire::Json transfer_document(const Delivery& delivery, const wire::Manifest& manifest,
                             const Error* trouble);
wire::Json transfer_document(const MirrorStatus& mirrored);

}  // namespace hearth::node
