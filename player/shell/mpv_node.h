// Building and reading mpv's nodes; included by the files that include mpv only.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mpv/client.h>

namespace hearth::player {

/// A map of named values, as commands and options take it. Not copyable: it points into itself.
class NodeMap {
 public:
  NodeMap() = default;
  NodeMap(const NodeMap&) = delete;
  NodeMap& operator=(const NodeMap&) = delete;

  NodeMap& text(const char* key, const std::string& value) {
    texts_.push_back(value);
    mpv_node node{};
    node.format = MPV_FORMAT_STRING;
    node.u.string = texts_.back().data();
    return add(key, node);
  }
  NodeMap& number(const char* key, std::int64_t value) {
    mpv_node node{};
    node.format = MPV_FORMAT_INT64;
    node.u.int64 = value;
    return add(key, node);
  }
  mpv_node* node() {
    list_.num = static_cast<int>(values_.size());
    list_.values = values_.data();
    list_.keys = keys_.data();
    node_.format = MPV_FORMAT_NODE_MAP;
    node_.u.list = &list_;
    return &node_;
  }

 private:
  NodeMap& add(const char* key, const mpv_node& node) {
    texts_.push_back(key);
    keys_.push_back(texts_.back().data());
    values_.push_back(node);
    return *this;
  }
  std::deque<std::string> texts_;
  std::vector<char*> keys_;
  std::vector<mpv_node> values_;
  mpv_node_list list_{};
  mpv_node node_{};
};

/// The member of a map; nullptr when it is not there.
inline const mpv_node* member(const mpv_node& map, std::string_view key) {
  if (map.format != MPV_FORMAT_NODE_MAP) return nullptr;
  for (int i = 0; i < map.u.list->num; ++i) {
    if (key == map.u.list->keys[i]) return &map.u.list->values[i];
  }
  return nullptr;
}
inline std::int64_t integer_member(const mpv_node& map, std::string_view key) {
  const mpv_node* node = member(map, key);
  if (node == nullptr) return 0;
  if (node->format == MPV_FORMAT_INT64) return node->u.int64;
  if (node->format == MPV_FORMAT_DOUBLE) return static_cast<std::int64_t>(node->u.double_);
  return 0;
}
inline std::string_view text_member(const mpv_node& map, std::string_view key) {
  const mpv_node* node = member(map, key);
  return node != nullptr && node->format == MPV_FORMAT_STRING ? node->u.string : "";
}

inline bool flag_member(const mpv_node& map, std::string_view key) {
  const mpv_node* node = member(map, key);
  return node != nullptr && node->format == MPV_FORMAT_FLAG && node->u.flag != 0;
}

/// Owns what mpv returned.
struct OwnedNode {
  mpv_node node{};
  OwnedNode() = default;
  OwnedNode(const OwnedNode&) = delete;
  OwnedNode& operator=(const OwnedNode&) = delete;
  ~OwnedNode() { mpv_free_node_contents(&node); }
};

}  // namespace hearth::player
