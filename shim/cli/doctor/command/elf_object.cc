#include "shim/cli/doctor/command/elf_object.h"

#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <memory>

#include "shim/cli/target/input.h"

namespace seqshim {
namespace {

struct EndOfElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfFile = std::unique_ptr<Elf, EndOfElf>;

/// A file may say anything: what isn't there is empty.
std::string text_at(Elf* elf, size_t section, size_t offset) {
  const char* const text = elf_strptr(elf, section, offset);
  return text != nullptr ? text : "";
}

size_t entries_of(const GElf_Shdr& header, const Elf_Data& data) {
  return header.sh_entsize == 0 ? 0 : data.d_size / header.sh_entsize;
}

void read_dynamic(Elf* elf, const GElf_Shdr& header, Elf_Data& data, ElfObject& object) {
  for (size_t i = 0; i < entries_of(header, data); ++i) {
    GElf_Dyn entry;
    if (gelf_getdyn(&data, static_cast<int>(i), &entry) == nullptr) return;
    const auto text = [&] { return text_at(elf, header.sh_link, entry.d_un.d_val); };
    if (entry.d_tag == DT_NULL) return;
    if (entry.d_tag == DT_NEEDED) object.needed.push_back(text());
    if (entry.d_tag == DT_RPATH) object.rpath = text();
    if (entry.d_tag == DT_RUNPATH) object.runpath = text();
  }
}

/// Variables aren't told apart from functions where a symbol has no type, as those of others often
/// have none.
void read_symbols(Elf* elf, const GElf_Shdr& header, Elf_Data& data, ElfObject& object) {
  const bool dynamic = header.sh_type == SHT_DYNSYM;
  for (size_t i = 0; i < entries_of(header, data); ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(&data, static_cast<int>(i), &symbol) == nullptr) return;
    const bool undefined = symbol.st_shndx == SHN_UNDEF;
    if (dynamic && undefined)
      object.imports.push_back(text_at(elf, header.sh_link, symbol.st_name));
    if (!undefined && GELF_ST_TYPE(symbol.st_info) == STT_FUNC)
      object.functions.push_back(text_at(elf, header.sh_link, symbol.st_name));
  }
}

/// As "name@VERSION" in tables of symbols that aren't the dynamic linker's.
void put_in_order(std::vector<std::string>& names) {
  for (std::string& name : names) name.resize(std::min(name.size(), name.find('@')));
  std::erase(names, "");
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace

std::optional<ElfObject> read_elf_object(const std::string& path) {
  const Input file(path);
  if (!file.is_open() || elf_version(EV_CURRENT) == EV_NONE) return std::nullopt;
  const ElfFile elf(elf_begin(file.fd(), ELF_C_READ, nullptr));
  if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF) return std::nullopt;
  ElfObject object;
  object.path = path;
  bool any = false;
  Elf_Scn* section = nullptr;
  while ((section = elf_nextscn(elf.get(), section)) != nullptr) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    const bool symbols = header.sh_type == SHT_DYNSYM || header.sh_type == SHT_SYMTAB;
    if (!symbols && header.sh_type != SHT_DYNAMIC) continue;
    Elf_Data* const data = elf_getdata(section, nullptr);
    if (data == nullptr) continue;
    any = true;
    if (symbols)
      read_symbols(elf.get(), header, *data, object);
    else
      read_dynamic(elf.get(), header, *data, object);
  }
  if (!any) return std::nullopt;
  put_in_order(object.imports);
  put_in_order(object.functions);
  return object;
}

}  // namespace seqshim
