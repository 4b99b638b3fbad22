using System.Text;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>The flags of one instruction. Their names are case-sensitive.</summary>
internal sealed class InstructionFlags
{
    private const string EndOfFlags = "--";

    private static readonly Dictionary<string, Dictionary<string, FlagKind>> Known = new()
    {
        ["FROM"] = Flags("platform"),
        ["COPY"] = Flags("from chown chmod", "link parents", "exclude"),
        ["ADD"] = Flags("chown chmod checksum", "link keep-git-dir unpack", "exclude"),
        ["RUN"] = Flags("network security", "", "mount device"),
        ["HEALTHCHECK"] = Flags("interval timeout start-period start-interval retries"),
    };

    private readonly Dictionary<string, List<string>> _values = [];

    /// <exception cref="DockerfileError">An unknown flag, a duplicate, or an invalid value.</exception>
    public InstructionFlags(string keyword, IReadOnlyList<string> flags)
    {
        var known = Known.GetValueOrDefault(keyword) ?? [];
        foreach (var flag in flags)
        {
            var parts = flag.Split('=', 2);
            var (written, value) = (parts[0], parts.Length > 1 ? parts[1] : null);
            var name = written[2..];
            if (!known.TryGetValue(name, out var kind))
                throw new DockerfileError($"{keyword} has no flag {VisibleText.Quote(written)}", Advice(known, name));
            if (!_values.TryGetValue(name, out var values))
                _values.Add(name, values = []);
            else if (kind != FlagKind.Repeated)
                throw new DockerfileError($"duplicate flag {VisibleText.Quote(written)}");
            if (!IsValue(kind, value))
                throw new DockerfileError($"the flag '{written}' {(value is null or "" ? "has no value" : "must be true or false")}");
            values.Add(value ?? "");
        }
    }

    /// <summary>Whether an instruction has a flag, which is as written, with its value.</summary>
    public static bool IsKnown(string keyword, string flag) =>
        Known.TryGetValue(keyword, out var known) && known.ContainsKey(flag.Split('=', 2)[0][2..]);

    /// <summary>The value of a flag that is allowed once; empty where it is missing.</summary>
    public string Value(string name) => Values(name) is [var value, ..] ? value : "";

    public IReadOnlyList<string> Values(string name) => _values.GetValueOrDefault(name) ?? [];

    private static bool IsValue(FlagKind kind, string? value) => kind == FlagKind.Switch
        ? value is null || value.ToLowerInvariant() is "true" or "false"
        : value is not null;

    private static string? Advice(Dictionary<string, FlagKind> known, string name) =>
        NearMatch.Among(known.Keys, name) is [var near, ..] ? $"Did you mean '--{near}'?"
        : known.Count > 0 ? $"It has {string.Join(", ", known.Keys.Select(flag => $"--{flag}"))}."
        : null;

    /// <summary>Splits the words with <c>--</c> from the arguments of an instruction.</summary>
    /// <returns>The flags without their quotes and escapes.</returns>
    public static IReadOnlyList<string> TakeWords(string text, char escape, out string arguments)
    {
        var flags = new List<string>();
        var index = 0;
        while (true)
        {
            while (index < text.Length && IsSpace(text[index]))
                index++;
            if (string.CompareOrdinal(text, index, EndOfFlags, 0, EndOfFlags.Length) != 0)
                break;
            var flag = ReadWord(text, escape, ref index);
            if (flag == EndOfFlags)
                break;
            flags.Add(flag);
        }

        arguments = text[index..].Trim();
        return flags;
    }

    private static string ReadWord(string text, char escape, ref int index)
    {
        var word = new StringBuilder();
        var quote = '\0';
        for (; index < text.Length; index++)
        {
            var character = text[index];
            if (quote == '\0' && IsSpace(character))
                break;
            if (quote == '\0' && character is '\'' or '"')
                quote = character;
            else if (character == quote)
                quote = '\0';
            else if (character != escape)
                word.Append(character);
            else if (++index < text.Length)
                word.Append(text[index]);
        }

        index = Math.Min(index, text.Length);
        return word.ToString();
    }

    // BuildKit goes by bytes here: only these are spaces, not those of Unicode.
    private static bool IsSpace(char character) => character is ' ' or (>= '\t' and <= '\r');

    private static Dictionary<string, FlagKind> Flags(string once, string switches = "", string repeated = "") => new(
    [
        .. once.Split(' ').Select(name => KeyValuePair.Create(name, FlagKind.Once)),
        .. switches.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => KeyValuePair.Create(name, FlagKind.Switch)),
        .. repeated.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => KeyValuePair.Create(name, FlagKind.Repeated)),
    ]);

    private enum FlagKind
    {
        Once,
        Repeated,
        Switch,
    }
}
