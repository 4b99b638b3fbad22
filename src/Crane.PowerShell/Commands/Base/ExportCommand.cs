using Crane.Input;

namespace Crane.Commands.Base;

/// <summary>The base of the cmdlets that write a file about a stack, or emit its content.</summary>
public abstract class ExportCommand : SelectionCommand
{
    private protected ExportCommand() { }

    /// <summary>The file to write, in an existing folder. Without it the content is emitted.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? FilePath { get; set; }

    /// <summary>Does not overwrite an existing file; it is the error NoClobber, as with Out-File.</summary>
    [Parameter, Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Overwrites the file even if it is read-only.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the file that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool WritesFile => true;

    /// <summary>Writes the content to the file, or emits it.</summary>
    /// <param name="what">What it is, as in "the bake file".</param>
    private protected void Export(string content, string what)
    {
        if (FilePath is null)
            WriteObject(content);
        else
            Write(FileSystemPath.Of(SessionState.Path, FilePath, "-FilePath"), content, what);
    }

    private void Write(string path, string content, string what)
    {
        if (!ShouldProcess(path, $"Write {what}"))
            return;
        try
        {
            // The same error as Out-File's.
            if (NoClobber && File.Exists(path))
            {
                var exists = new IOException($"The file '{path}' already exists.");
                ThrowTerminatingError(new ErrorRecord(exists, "NoClobber", ErrorCategory.ResourceExists, path));
            }

            if (Force && File.Exists(path))
                File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly);
            File.WriteAllText(path, $"{content}\n");
            if (PassThru)
                WriteObject(new FileInfo(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CraneException(
                CraneErrorId.FileNotWritten, $"{char.ToUpperInvariant(what[0])}{what[1..]} cannot be written: {exception.Message}",
                "Name another file with -FilePath, or overwrite a read-only file with -Force.", exception).About(path);
        }
    }
}
