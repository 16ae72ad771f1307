// Documents fetched and rendered away from the player's thread: text is read, PDF pages are drawn
// by poppler into images of the window's size. A stranger's document may take for ever: each one
// has a worker thread of its own, which is left behind when something else is shown.
//
// Threads: the player's thread calls; `post` is called on the worker and must only hand over.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "common/base/bytes.h"
#include "player/core/show.h"

namespace hearth::player {

struct DocumentNews {
  enum class What { text, pdf, page, not_showable, failed };
  What what = What::failed;
  int run = 0;
  DocumentForm form = DocumentForm::text;
  std::string text;  ///< the text, or the sentence
  int number = 0;    ///< pages of a PDF, or the page that was drawn
  std::shared_ptr<const Bytes> image;
};

class Documents {
 public:
  using Post = std::function<void(DocumentNews)>;
  Documents(std::filesystem::path socket, Post post);
  ~Documents();
  void fetch(const FetchDocument& what);
  void render(const RenderPage& what);
  void drop();

 private:
  struct Worker;
  std::filesystem::path socket_;
  Post post_;
  std::shared_ptr<Worker> worker_;
};

}  // namespace hearth::player
