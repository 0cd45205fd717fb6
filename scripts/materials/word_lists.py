"""Writes words/<language>.txt and phrases/<language>.txt: `text<TAB>count`, UTF-8, the most frequent first.

Run by scripts/materials.mjs in a virtual environment that has wordfreq, jieba, opencc and Faker.
The counts are occurrences in 10^9 words for wordfreq's languages, those of its own dictionary for jieba's.
"""

import argparse
import os
import pathlib
import random
import re
import sys

import jieba
import opencc
import wordfreq
from faker import Faker

# Language: locales of Faker, and the range of letters that a word has to be written in.
LATIN = 'A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ'
CYRILLIC = 'Ѐ-ӿ'
LANGUAGES = {
    'en': (['en_US', 'en_GB'], LATIN),
    'de': (['de_DE', 'de_AT', 'de_CH'], LATIN),
    'fr': (['fr_FR'], LATIN),
    'es': (['es_ES', 'es_MX'], LATIN),
    'pt': (['pt_BR', 'pt_PT'], LATIN),
    'it': (['it_IT'], LATIN),
    'nl': (['nl_NL'], LATIN),
    'pl': (['pl_PL'], LATIN),
    'cs': (['cs_CZ'], LATIN),
    'sk': (['sk_SK'], LATIN),
    'hu': (['hu_HU'], LATIN),
    'ro': (['ro_RO'], LATIN),
    'tr': (['tr_TR'], LATIN),
    'sv': (['sv_SE'], LATIN),
    'da': (['da_DK'], LATIN),
    'nb': (['no_NO'], LATIN),
    'fi': (['fi_FI'], LATIN),
    'hr': (['hr_HR'], LATIN),
    'vi': (['vi_VN'], LATIN),
    'el': (['el_GR'], 'Ά-ώ'),
    'ru': (['ru_RU'], CYRILLIC),
    'uk': (['uk_UA'], CYRILLIC),
    'bg': (['bg_BG'], CYRILLIC),
    'he': (['he_IL'], 'א-ת'),
    'ar': (['ar_AA'], 'ء-غف-ي'),
    'fa': (['fa_IR'], 'ء-غف-یپچژکگ'),
    'ja': (['ja_JP'], '々぀-ヿ㐀-鿿'),
    'ko': (['ko_KR'], '가-힣'),
}
CHINESE = {'zh-Hans': 'zh_CN', 'zh-Hant': 'zh_TW'}
HAN = re.compile('[㐀-鿿]+')
LONGEST = 24
# wordfreq folds ß to ss; these stems have it in any word.
SHARP_S = re.compile('(stra|gro|grö|wei|fu|fü|spa|hei|gru|grü|drei|flei|schwei|sto|stö|sü|blo|gemä|'
                     'schlie|lie|hie|stie|gie|genie|schie|spie|flie|rei|bei)ss(?=e|$|t|l|b|h)')


def frequent_words(language, letters, most):
    """Words of wordfreq in the language's own letters; its digits stand for any digit and are left out."""
    pattern = re.compile(f"[{letters}]+(?:['’\\-·][{letters}]+)*")
    frequencies = wordfreq.get_frequency_dict(language)
    counts = [(unfolded(word, language), max(1, round(frequency * 1e9)))
              for word, frequency in frequencies.items() if len(word) <= LONGEST and pattern.fullmatch(word)]
    return most_frequent(counts)[:most]


def unfolded(word, language):
    """A word of wordfreq's case-folded lists as it is written in small letters."""
    if language == 'de':
        return SHARP_S.sub(r'\1ß', word)
    return re.sub('σ$', 'ς', word)


def most_frequent(counts):
    return sorted(counts, key=lambda entry: (-entry[1], entry[0]))


def chinese_words(converter, headwords):
    """jieba's dictionary, converted if asked, and the headwords of a dictionary that it lacks, once each."""
    counts = {}
    with open(os.path.join(os.path.dirname(jieba.__file__), 'dict.txt'), encoding='utf-8') as lines:
        for line in lines:
            word, count, _ = line.split(' ')
            if not HAN.fullmatch(word) or is_garbled(word):
                continue
            word = converter.convert(word) if converter else word
            if len(word) <= LONGEST:
                counts[word] = counts.get(word, 0) + int(count)
    for word in headwords:
        if len(word) <= LONGEST and HAN.fullmatch(word):
            counts.setdefault(word, 1)
    return most_frequent(counts.items())


def is_garbled(word):
    """Whether a word is the first two bytes of a character in UTF-8, read as GBK: jieba counted 158 of them, 鐨 of 的 most often.

    GB 2312 has no second bytes below A1: none of its characters are taken for such.
    """
    if len(word) != 1:
        return False
    first, second = word.encode('gb18030')[:2]
    return 0xE4 <= first <= 0xE9 and 0x80 <= second < 0xA1


def phrases(locales, count):
    """Names, companies, places and addresses as Faker makes them, each line of an address for itself."""
    fakers = [Faker(locale) for locale in locales]
    for faker in fakers:
        faker.seed_instance(f'{locales} phrases')
    kinds = ['name', 'name', 'company', 'address', 'street_address', 'city', 'job']
    counts = {}
    chooser = random.Random(0)
    for _ in range(count):
        kind = chooser.choice(kinds)
        made = getattr(chooser.choice(fakers), kind, str)()
        for line in re.split(r'\s*\n\s*', made):
            line = ' '.join(line.split())
            if 1 < len(line) <= 60:
                counts[line] = counts.get(line, 0) + 1
    return most_frequent(counts.items())


def write(path, entries):
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix('.part')
    with open(partial, 'w', encoding='utf-8', newline='\n') as file:
        file.writelines(f'{text}\t{count}\n' for text, count in entries)
    partial.replace(path)
    print(path.name, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('folder', type=pathlib.Path)
    parser.add_argument('--words', type=int, required=True, help='the most words of an alphabetic language')
    parser.add_argument('--phrases', type=int, required=True, help='how many to make for a language')
    parser.add_argument('--headwords', type=pathlib.Path, required=True,
                        help='folder with <language>.txt of Chinese dictionary words, one a line')
    options = parser.parse_args()
    for language, (locales, letters) in LANGUAGES.items():
        words = frequent_words(language, letters, options.words)
        write(options.folder / 'words' / f'{language}.txt', words)
        write(options.folder / 'phrases' / f'{language}.txt', phrases(locales, options.phrases))
    for language, locale in CHINESE.items():
        converter = opencc.OpenCC('s2twp') if language == 'zh-Hant' else None
        headwords = (options.headwords / f'{language}.txt').read_text(encoding='utf-8').split()
        write(options.folder / 'words' / f'{language}.txt', chinese_words(converter, headwords))
        write(options.folder / 'phrases' / f'{language}.txt', phrases([locale], options.phrases))


if __name__ == '__main__':
    sys.exit(main())
