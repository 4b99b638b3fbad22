namespace Crane.Core.Tests.Names;

/// <summary>An error names the part, its position counted from 1, and the name.</summary>
public sealed class ImageNameMessageTests
{
    [Theory]
    [InlineData("", "name, position 1: the name is empty")]
    [InlineData("company/Foo", "path, position 9: 'F' is an upper-case letter")]
    [InlineData("Foo", "path, position 1: 'F' is an upper-case letter")]
    [InlineData("company//foo", "path, position 9: a component of the path is empty")]
    [InlineData("company/foo/", "path, position 13: a component of the path is empty")]
    [InlineData("r.co/", "path, position 6: the path is missing")]
    [InlineData(":1", "path, position 1: the path is missing")]
    [InlineData("company/-foo", "path, position 9: a component cannot start with '-'")]
    [InlineData("company_/foo", "path, position 8: a component cannot end with '_'")]
    [InlineData("company/foo..bar", "path, position 13: '.' cannot follow '.'")]
    [InlineData("foo___bar", "path, position 6: '_' cannot follow '_'")]
    [InlineData("foo bar", "path, position 4: ' ' is not allowed in a path")]
    [InlineData("company/foo:", "tag, position 13: the tag is missing")]
    [InlineData("company/foo:-1", "tag, position 13: a tag cannot start with '-'")]
    [InlineData("company/foo:1+2", "tag, position 14: '+' is not allowed in a tag")]
    [InlineData("company/foo@", "digest, position 13: the digest after '@' is missing")]
    [InlineData("foo@abc", "digest, position 5: a digest is an algorithm, ':' and hexadecimal digits")]
    [InlineData("foo@md5:abc", "digest, position 5: the algorithm must be sha256, sha384 or sha512")]
    [InlineData("foo@sha256:abcX", "digest, position 15: 'X' is not a lower-case hexadecimal digit")]
    [InlineData("foo@sha256:abc", "digest, position 15: sha256 has 64 hexadecimal digits, not 3")]
    [InlineData("my_registry.example.com/app", "registry host, position 3: a host cannot have an underscore")]
    [InlineData("registry..company.co/app", "registry host, position 10: a part between the dots is empty")]
    [InlineData("r.co./app", "registry host, position 6: a part between the dots is empty")]
    [InlineData("-r.co/app", "registry host, position 1: a part of a host cannot start with '-'")]
    [InlineData("r-.co/app", "registry host, position 2: a part of a host cannot end with '-'")]
    [InlineData("r.co!/app", "registry host, position 5: '!' is not allowed in a host")]
    [InlineData(":5000/app", "registry host, position 1: the host is missing")]
    [InlineData("r.co:/app", "registry port, position 6: the port after ':' is missing")]
    [InlineData("r.co:http/app", "registry port, position 6: the port is not a number")]
    [InlineData("r.co:65536/app", "registry port, position 6: the port is not between 1 and 65535")]
    [InlineData("[::1/app", "registry host, position 5: the ']' after the IPv6 address is missing")]
    [InlineData("[]:1/app", "registry host, position 2: the IPv6 address is missing")]
    [InlineData("[fe80::1%eth0]/app", "registry host, position 9: '%' is not allowed in an IPv6 address")]
    [InlineData("[::1]5000/app", "registry host, position 6: after ']' only ':' and a port may follow")]
    [InlineData("[::1]:0/app", "registry port, position 7: the port is not between 1 and 65535")]
    [InlineData("https://r.co/app", "registry, position 1: an image name has no scheme such as 'https://'")]
    public void Says_what_is_wrong_where_and_shows_the_name(string reference, string expected) =>
        Assert.Equal($"Image name '{reference}' is not valid: {expected}.", MessageOf(reference));

    [Theory]
    [InlineData("foo\n", @"'foo\n'", @"position 4: '\n' is not allowed in a path")]
    [InlineData("foo:1\r\n", @"'foo:1\r\n'", @"position 6: '\r' is not allowed in a tag")]
    [InlineData("\tfoo", @"'\tfoo'", @"position 1: '\t' is not")]
    [InlineData("foo\0", @"'foo\0'", @"position 4: '\0' is not")]
    [InlineData("foo\u001b[31m", @"'foo\u001B[31m'", @"'\u001B' is not")]
    [InlineData("foo\u200b", @"'foo\u200B'", @"'\u200B' is not")]
    [InlineData("foo\ud83d\ude00", "'foo\ud83d\ude00'", "'\ud83d\ude00' (U+1F600) is not")]
    [InlineData("foo\ue000", @"'foo\uE000'", @"'\uE000' is not")]
    [InlineData("foo\U000e0001", @"'foo\U000E0001'", @"'\U000E0001' is not")]
    [InlineData("f\u043eo", "'f\u043eo'", "position 2: '\u043e' (U+043E) is not")]
    public void Shows_what_cannot_be_seen(string reference, string shown, string problem)
    {
        var message = MessageOf(reference);

        Assert.Contains(shown, message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }

    // Not an InlineData: an attribute cannot hold half of a surrogate pair.
    [Fact]
    public void Shows_half_a_surrogate_pair()
    {
        var message = MessageOf("foo\ud800");

        Assert.Equal(@"Image name 'foo\uD800' is not valid: path, position 4: '\uD800' is not allowed in a path.", message);
    }

    [Fact]
    public void Shortens_a_long_name_but_counts_all_of_it()
    {
        var message = MessageOf("r.co/" + new string('a', 10_000) + "!tail");

        Assert.StartsWith("Image name 'r.co/aaa", message, StringComparison.Ordinal);
        Assert.Contains("…", message, StringComparison.Ordinal);
        Assert.Contains("aaa!tail' (10010 characters) is not valid: path, position 10006:", message, StringComparison.Ordinal);
        Assert.True(message.Length < 300);
    }

    [Theory]
    [InlineData("r.co/", 256, "path, position 261: the path has 256 characters; 255 are allowed")]
    [InlineData("", 248, "path, position 248: the path, with the 'library/' of Docker Hub, has 256 characters; 255 are allowed")]
    [InlineData("x:", 129, "tag, position 131: the tag has 129 characters; 128 are allowed")]
    [InlineData("x@sha256:", 65, "digest, position 74: sha256 has 64 hexadecimal digits, not 65")]
    public void Says_where_something_gets_too_long(string start, int length, string expected) =>
        Assert.EndsWith($"{expected}.", MessageOf(start + new string('a', length)), StringComparison.Ordinal);

    [Fact]
    public void Says_that_a_bare_image_id_is_no_name()
    {
        var message = MessageOf(new string('a', 64));

        Assert.EndsWith("64 hexadecimal digits are an image ID.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bob:hunter2@r.co/app", "Image name '***@r.co/app' is not valid: registry host, position 12:")]
    [InlineData("bob:hunter2@r.co", "Image name '***@r.co' is not valid: digest, position 13:")]
    [InlineData("bob:hunter/2@r.co/app", "Image name '***@r.co/app' is not valid: registry port, position 5:")]
    [InlineData("bob:hunter@2@localhost/app", "Image name '***@localhost/app' is not valid: registry host, position 11:")]
    [InlineData("https://bob:hunter2@r.co/app", "Image name 'https://***@r.co/app' is not valid: registry, position 1:")]
    public void Never_shows_a_password(string reference, string expected)
    {
        var error = Assert.Throws<CraneException>(() => ImageName.Parse(reference));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_the_tag_before_a_bad_digest() =>
        Assert.StartsWith("Image name 'foo:1@sha256:abc' is", MessageOf("foo:1@sha256:abc"), StringComparison.Ordinal);

    [Theory]
    [InlineData("company/Foo", "Write the path in lower case.")]
    [InlineData("https://r.co/app", "Remove 'https://'.")]
    [InlineData("r..co/app", "Check whether a variable in it is empty.")]
    public void Advises(string reference, string expected) =>
        Assert.Equal(expected, Assert.Throws<CraneException>(() => ImageName.Parse(reference)).RecommendedAction);

    [Theory]
    [InlineData("TheHolm/app", "'TheHolm' reads as a registry by its capitals alone; write 'theholm/app'")]
    [InlineData("Library/ubuntu:1", "write 'library/ubuntu:1'")]
    [InlineData("FOO/a/B-b", null)]
    [InlineData("LOCALHOST/app", "write 'localhost/app'")]
    public void A_registry_by_its_capitals_alone_is_refused_where_a_user_wrote_it(string reference, string? words)
    {
        var error = Assert.Throws<CraneException>(() => ImageName.ParseGiven(reference));

        Assert.Equal(CraneErrorId.InvalidImageName, error.Id);
        Assert.Contains(words ?? "upper-case letter", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Docker.io/app")]
    [InlineData("Holm:443/app")]
    [InlineData("localhost/app")]
    [InlineData("company/app:V1")]
    public void Capitals_of_a_registry_that_is_one_without_them_are_not(string reference) =>
        Assert.Equal(ImageName.Parse(reference), ImageName.ParseGiven(reference));

    private static string MessageOf(string reference)
    {
        var error = Assert.Throws<CraneException>(() => ImageName.Parse(reference));
        Assert.Equal(CraneErrorId.InvalidImageName, error.Id);
        return error.Message;
    }
}
