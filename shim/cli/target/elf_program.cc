#include "shim/cli/target/elf_program.h"

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace seqshim {
namespace {

#if defined(__x86_64__)
constexpr ElfW(Half) kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr ElfW(Half) kMachine = EM_AARCH64;
#endif
constexpr unsigned char kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;

// A file may claim any size.
constexpr size_t kMaxText = 64 << 10;

template <class Segments>
void for_each_segment(const Input& file, const ElfW(Ehdr) & header, Segments visit) {
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) segment{};
    if (!file.read_into(segment, static_cast<off_t>(header.e_phoff + i * sizeof segment))) return;
    visit(segment);
  }
}

// A note: two lengths, a type, the owner's name.
bool has_note_of_go(const Input& file, off_t offset, size_t bytes) {
  const std::string notes = file.read(std::min(bytes, kMaxText), offset);
  for (size_t place = 0; place + sizeof(ElfW(Nhdr)) <= notes.size();) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes.data() + place, sizeof note);
    place += sizeof note;
    if (note.n_namesz > notes.size() - place) return false;
    if (std::string_view(notes).substr(place, note.n_namesz) == std::string_view("Go\0\0", 4)) {
      return true;
    }
    const auto padded = [](uint64_t size) { return (size + 3) & ~uint64_t{3}; };
    const uint64_t next = place + padded(note.n_namesz) + padded(note.n_descsz);
    if (next > notes.size()) return false;
    place = next;
  }
  return false;
}

bool has_section(const Input& file, const ElfW(Ehdr) & header, const std::string& name) {
  const auto section_at = [&](unsigned index, ElfW(Shdr) & section) {
    return file.read_into(section, static_cast<off_t>(header.e_shoff + index * sizeof section));
  };
  ElfW(Shdr) names{}, section{};
  if (header.e_shoff == 0 || header.e_shentsize != sizeof names ||
      !section_at(header.e_shstrndx, names)) {
    return false;
  }
  const std::string texts =
      file.read(std::min<size_t>(names.sh_size, kMaxText), static_cast<off_t>(names.sh_offset));
  for (unsigned i = 0; i < header.e_shnum && section_at(i, section); ++i) {
    if (section.sh_name < texts.size() && texts.c_str() + section.sh_name == name) return true;
  }
  return false;
}

}  // namespace

bool is_elf(const Input& file) { return file.read(SELFMAG, 0) == ELFMAG; }

std::string foreign_kind(const Input& file) {
  // As far as here both classes are alike.
  const std::string start = file.read(offsetof(ElfW(Ehdr), e_version), 0);
  ElfW(Half) machine = 0;
  if (start.size() < offsetof(ElfW(Ehdr), e_version)) return {};
  std::memcpy(&machine, start.data() + offsetof(ElfW(Ehdr), e_machine), sizeof machine);
  const auto elf_class = static_cast<unsigned char>(start[EI_CLASS]);
  const bool same_family = machine == kMachine || machine == EM_386 || machine == EM_ARM;
  if (elf_class == ELFCLASS32 && kClass == ELFCLASS64 && same_family) {
    return "it is a 32-bit program, and libseqshim.so is for 64-bit ones";
  }
  if (elf_class != kClass || machine != kMachine) {
    return "it is built for another kind of machine than libseqshim.so";
  }
  return {};
}

std::optional<std::string> dynamic_linker(const Input& file) {
  ElfW(Ehdr) header{};
  if (!file.read_into(header, 0)) return std::nullopt;
  if (header.e_phnum > 0 && header.e_phentsize != sizeof(ElfW(Phdr))) return std::nullopt;
  unsigned seen = 0;
  std::string name;
  for_each_segment(file, header, [&](const ElfW(Phdr) & segment) {
    ++seen;
    if (segment.p_type != PT_INTERP || !name.empty()) return;
    name = file.read(std::min<size_t>(segment.p_filesz, kMaxText),
                     static_cast<off_t>(segment.p_offset));
    name.resize(std::strlen(name.c_str()));
  });
  if (seen != header.e_phnum) return std::nullopt;
  return name;
}

bool is_go_program(const Input& file) {
  ElfW(Ehdr) header{};
  if (!file.read_into(header, 0) || header.e_phentsize != sizeof(ElfW(Phdr))) return false;
  bool found = false;
  for_each_segment(file, header, [&](const ElfW(Phdr) & segment) {
    if (segment.p_type != PT_NOTE) return;
    const auto offset = static_cast<off_t>(segment.p_offset);
    found = found || has_note_of_go(file, offset, segment.p_filesz);
  });
  return found || has_section(file, header, ".go.buildinfo");
}

}  // namespace seqshim
